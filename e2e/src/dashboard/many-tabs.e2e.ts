import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A browser opens six connections to one HTTP/1.1 gateway, for all its tabs together. */
const TABS = 7

/** Over the wire, compressed: everything that the first page needs. */
const MAX_FIRST_LOAD_BYTES = 250_000

describeInBrowser('the dashboard', (open) => {
  test(`in ${TABS} tabs at once, all of them seen: each is live, and anything else is still answered`, async () => {
    await using workspace = await createWorkspace()
    const go = join(workspace.root, 'go')
    await workspace.file('long.do', `* engine: print working\n* engine: wait-for ${go}\n* engine: print and done\n`)
    const { url } = await workspace.start({
      stata: await scriptedEngine(workspace.root),
      args: ['--max-running', String(TABS)],
    })
    const { runs } = createTailgateClient({ url })
    const started = await Promise.all(
      Array.from({ length: TABS }, (_, i) => runs.start({ file: 'long.do', args: [String(i)] })),
    )
    await using dashboard = await open(url)
    const pages = await Promise.all(
      started.map(async ({ id }) => {
        const page = await dashboard.context.newPage()
        await page.goto(`${url}/run/${id}?show=details`)
        return page
      }),
    )
    for (const page of pages) await page.getByText('working', { exact: true }).waitFor({ timeout: 60_000 })
    // Every place for a stream is taken, and still a page loads and a question is answered.
    const late = await dashboard.context.newPage()
    await late.goto(`${url}/start`)
    await late.getByRole('row', { name: 'long.do' }).waitFor({ timeout: 60_000 })
    await writeFile(go, '')
    for (const page of pages) {
      await page.getByText('Succeeded', { exact: true }).first().waitFor({ timeout: 60_000 })
      await page.getByText('and done', { exact: true }).waitFor({ timeout: 60_000 })
    }
    await Promise.all(started.map((run) => run.result()))
  })

  test('at its first load takes under 250 KB of script, and asks nobody but the gateway', async () => {
    await using workspace = await createWorkspace()
    const { url } = await workspace.start()
    const sizes: Promise<{ path: string; bytes: number }>[] = []
    await using dashboard = await open('about:blank')
    dashboard.context.on('requestfinished', (request) => {
      const path = new URL(request.url()).pathname
      sizes.push(request.sizes().then(({ responseBodySize }) => ({ path, bytes: responseBodySize })))
      expect(request.url().startsWith(url)).toBe(true)
    })
    await dashboard.page.goto(url)
    await dashboard.page.getByText('Nothing has run yet').waitFor()
    const scripts = (await Promise.all(sizes)).filter(({ path }) => path.endsWith('.js'))
    const total = scripts.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(scripts.length).toBeGreaterThan(0)
    expect(total).toBeGreaterThan(50_000)
    expect(total).toBeLessThan(MAX_FIRST_LOAD_BYTES)
    console.log(`first load: ${total} bytes of compressed script in ${scripts.length} files`)
  })
})
