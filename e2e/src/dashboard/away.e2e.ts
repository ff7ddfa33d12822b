import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { row, runDoFile, seenRows } from '../harness/log-page.ts'
import { createWorkspace, curl } from '../harness/workspace.ts'

/** A page that nobody saw while its run wrote more than anybody reads. */

const WRITTEN = 2_000_000

/** What the page may take in when it comes back; all that was written is twelve times as much. */
const MAX_BYTES = 3_000_000

/** What the browser tells a page whose tab is hidden or seen again. */
const turn = (page: Page, visibility: 'hidden' | 'visible') =>
  page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, visibility)

const openStreams = async (url: string) =>
  Number(/^tailgate_open_streams (\d+)$/m.exec(await curl(`${url}/metrics`))?.[1])

describeInBrowser('a page that comes back after a night', (open) => {
  test('shows the end of the log at once without taking in all that was written, and any other line as well', async () => {
    await using workspace = await createWorkspace()
    const go = join(workspace.root, 'go')
    const end = join(workspace.root, 'end')
    const { url, address } = await runDoFile(
      workspace,
      [
        '* engine: burst 500',
        `* engine: wait-for ${go}`,
        `* engine: burst ${WRITTEN}`,
        '* engine: print the morning',
        `* engine: wait-for ${end}`,
        '* engine: print the end',
        '',
      ].join('\n'),
      { ended: false },
    )
    await using dashboard = await open(address)
    const { page, context } = dashboard
    await row(page, 'line 500').waitFor()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    let bytes = 0
    session.on('Network.dataReceived', ({ dataLength }) => {
      bytes += dataLength
    })
    await expect.poll(() => openStreams(url)).toBe(1)
    await turn(page, 'hidden')
    await expect.poll(() => openStreams(url)).toBe(0)
    await workspace.file('go', '')
    const { runs } = createTailgateClient({ url })
    const written = async () => (await runs.list()).runs[0]?.log.lines ?? 0
    await expect.poll(written).toBeGreaterThan(WRITTEN)
    await turn(page, 'visible')
    await row(page, 'the morning').waitFor()
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(MAX_BYTES)
    await workspace.file('end', '')
    await row(page, 'the end').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    // What it had before, what it was not told, and nothing twice.
    const first = (await seenRows(page))[0] ?? 0
    for (const line of [first - 1_000_000, 300]) {
      await page.evaluate((line) => {
        location.hash = `#L${line}`
      }, line)
      const cell = page.locator(`[aria-rowindex="${line}"] [role=cell]`)
      const text = async () =>
        (await runs.lines({ runId: address.match(/run\/([^?]+)/)?.[1] ?? '', from: line, count: 1 })).lines[0]?.text
      await expect.poll(() => cell.textContent()).toBe(await text())
    }
    expect(bytes).toBeLessThan(MAX_BYTES)
  })
})
