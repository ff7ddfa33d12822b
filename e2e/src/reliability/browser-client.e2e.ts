import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../harness/browser.ts'
import { serveBrowserClient } from '../harness/browser-client.ts'
import { startCuttingProxy } from '../harness/cutting-proxy.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

test.skipIf(!hasChromium())(
  'in Chromium the client gives every line once, over both transports, through cut connections',
  { timeout: 120_000 },
  async () => {
    await using served = await serveBrowserClient()
    await using workspace = await createWorkspace()
    const stata = await scriptedEngine(workspace.root)
    await workspace.file('canary.do', '* engine: canary 20000 1 4000\n')
    const gateway = await workspace.start({ stata, args: ['--allow-origin', served.origin] })
    await using proxy = await startCuttingProxy(gateway.url)
    const { id } = await createTailgateClient({ url: gateway.url }).runs.start({ file: 'canary.do' })
    await using browser = await launchChromium()
    const page = await browser.newPage()
    await page.goto(`${served.origin}/package.json`)
    // Not imported where it is used: the test runner would take that import for one of its own.
    const content = `import * as tailgate from '${served.module}'; globalThis.tailgate = tailgate`
    await page.addScriptTag({ type: 'module', content })
    await page.waitForFunction(() => 'tailgate' in globalThis)
    const watching = page.evaluate(
      async ({ url, runId }) => {
        const { createTailgateClient } = Reflect.get(globalThis, 'tailgate') as typeof import('@tailgate/client') // set above
        const watch = async (transport: 'sse' | 'trpc') => {
          const lines: string[] = []
          let connections = 0
          const client = createTailgateClient({ url, transport })
          const onConnection = ({ type }: { type: string }) => {
            if (type === 'open') connections += 1
          }
          for await (const { text } of client.runs.follow(runId, { onConnection }).lines()) lines.push(`${text}\n`)
          return { log: lines.join(''), connections }
        }
        return await Promise.all([watch('sse'), watch('trpc')])
      },
      { url: proxy.url, runId: id },
    )
    let over = false
    const noteEnd = () => {
      over = true
    }
    void watching.then(noteEnd, noteEnd)
    let cuts = 0
    while (!over) {
      await delay(1_000)
      cuts += proxy.cut()
    }
    const log = await readFile(join(workspace.dataDir, 'runs', id, 'run.log'), 'utf8')
    for (const view of await watching) {
      expect(view.log).toBe(log)
      expect(view.connections).toBeGreaterThan(1)
    }
    expect(cuts).toBeGreaterThan(1)
  },
)
