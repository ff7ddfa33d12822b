import { setTimeout as delay } from 'node:timers/promises'
import { runPageSchema } from '@tailgate/shared'
import { EventSource } from 'eventsource'
import { describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from './harness/browser.ts'
import { startCuttingProxy } from './harness/cutting-proxy.ts'
import { createWorkspace, curl } from './harness/workspace.ts'

const LINES = 40
/** Writes a line every 100 ms, so that cuts fall between and into its lines. */
const DO_FILE = `forvalues i = 1/${LINES} {\n display "line \`i' of ${LINES}"\n sleep 100\n}\n`

/** Lines of the do-file's output, in order, each once. */
const EXPECTED = Array.from({ length: LINES }, (_, i) => `line ${i + 1} of ${LINES}`)

async function runCount(url: string): Promise<number> {
  return runPageSchema.parse(JSON.parse(await curl(`${url}/runs`))).runs.length
}

describe('new EventSource on /run_file, with the connection cut again and again', () => {
  test('in Node: the file is run once, every line arrives once, and it stops at the end', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('slow.do', DO_FILE)
    const gateway = await workspace.start()
    await using proxy = await startCuttingProxy(gateway.url)
    const source = new EventSource(`${proxy.url}/run_file?file_path=slow.do`)
    const received: string[] = []
    source.onmessage = ({ data }) => received.push(...String(data).split('\n'))
    const ended = new Promise<void>((resolve) => source.addEventListener('end', () => resolve()))
    await new Promise<void>((resolve) => source.addEventListener('message', () => resolve(), { once: true }))
    let over = false
    void ended.then(() => {
      over = true
    })
    let cuts = 0
    while (!over) {
      await Promise.race([ended, delay(700)])
      if (!over) cuts += proxy.cut()
    }
    // Left open, it comes back with its last id; the answer 204 closes it for good.
    await new Promise<void>((resolve) => {
      source.onerror = () => source.readyState === source.CLOSED && resolve()
      if (source.readyState === source.CLOSED) resolve()
    })
    expect(cuts).toBeGreaterThan(1)
    expect(received.filter((line) => EXPECTED.includes(line))).toEqual(EXPECTED)
    expect(received.filter((line) => line.startsWith('Starting execution'))).toHaveLength(1)
    expect(received.at(-1)).toBe('*** Execution completed ***')
    expect(await runCount(gateway.url)).toBe(1)
  })

  test.skipIf(!hasChromium())('in Chromium: the same', { timeout: 60_000 }, async () => {
    await using workspace = await createWorkspace()
    await workspace.file('slow.do', DO_FILE)
    const gateway = await workspace.start()
    await using proxy = await startCuttingProxy(gateway.url)
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(proxy.url)
      const watching = page.evaluate(async () => {
        // The browser's own; the imported one would be looked for in this module.
        const BrowserEventSource = globalThis.EventSource
        const source = new BrowserEventSource('/run_file?file_path=slow.do')
        const received: string[] = []
        source.onmessage = ({ data }) => received.push(...String(data).split('\n'))
        await new Promise((resolve) => source.addEventListener('end', resolve))
        await new Promise<void>((resolve) => {
          source.onerror = () => source.readyState === BrowserEventSource.CLOSED && resolve()
        })
        return received
      })
      let received: string[] | null = null
      const noted = watching.then((lines) => {
        received = lines
      })
      while (received === null) {
        await Promise.race([noted, delay(1_500)])
        if (received === null) proxy.cut()
      }
      const lines = await watching
      expect(lines.filter((line) => EXPECTED.includes(line))).toEqual(EXPECTED)
      expect(lines.at(-1)).toBe('*** Execution completed ***')
      expect(await runCount(gateway.url)).toBe(1)
    } finally {
      await browser.close()
    }
  })
})
