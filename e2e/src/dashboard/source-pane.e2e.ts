import { createTailgateClient } from '@tailgate/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { lineNumber, pointed, row, seenRows } from '../harness/log-page.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A researcher reads the log and the do-file side by side. */

const FILLERS = 150

/** A do-file longer than the screen, with a loop in the middle, that fails at its last line but some. */
const DO_FILE = [
  ...Array.from({ length: FILLERS }, (_, i) => `display "early ${i}"`),
  'forvalues i = 1/200 {',
  '  display "in the loop"',
  '}',
  ...Array.from({ length: FILLERS }, (_, i) => `display "late ${i}"`),
  'generate y = bad_var + 1',
  ...Array.from({ length: FILLERS }, (_, i) => `display "never ${i}"`),
  '',
].join('\n')

const source = (page: Page) => page.getByRole('region', { name: 'Lines of the do-file' })
/** The line whose output is read, and the one that stopped the run. */
const read = (page: Page) => source(page).locator('[aria-current=location]')
const stopped = (page: Page) => source(page).locator('[aria-current=step]')
const isInSight = (page: Page, text: string) =>
  source(page).evaluate((pane, text) => {
    const { top, bottom } = pane.getBoundingClientRect()
    return [...pane.querySelectorAll('li')].some((line) => {
      const box = line.getBoundingClientRect()
      return line.textContent.includes(text) && box.top >= top && box.bottom <= bottom
    })
  }, text)

describeInBrowser('the do-file beside the log', (open) => {
  let workspace: Workspace
  let address: string
  let failedAt: number
  beforeAll(async () => {
    workspace = await createWorkspace()
    await workspace.file('main.do', DO_FILE)
    const { url } = await workspace.start()
    const run = await createTailgateClient({ url }).runs.start({ file: 'main.do' })
    const { outcome } = await run.result()
    failedAt = outcome.line ?? 0
    address = `${url}/run/${run.id}`
  }, 60_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  test('shows the command whose output is read as the log is scrolled, and goes on marking the one that failed', async () => {
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /bad_var not found/).waitFor()
    await expect.poll(() => isInSight(page, 'generate y = bad_var + 1')).toBe(true)
    expect(await stopped(page).textContent()).toContain('Stopped here: generate y = bad_var + 1')
    expect(await read(page).count()).toBe(0)
    await row(page, /bad_var not found/).hover()
    await page.mouse.wheel(0, -3_000)
    await expect.poll(() => read(page).textContent()).toMatch(/Shown in the log: display "late \d+"/)
    await page.keyboard.press('g')
    await page.getByRole('table', { name: 'Log lines' }).press('PageDown')
    await expect.poll(() => read(page).textContent()).toMatch(/display "early \d+"/)
    await expect.poll(() => isInSight(page, 'Shown in the log')).toBe(true)
    expect(await stopped(page).textContent()).toContain('generate y = bad_var + 1')
    expect(await isInSight(page, 'bad_var')).toBe(false)
    await page.getByRole('button', { name: /Stopped here: line \d+/ }).click()
    await expect.poll(() => isInSight(page, 'bad_var')).toBe(true)
    await page.getByRole('link', { name: `Go to line ${failedAt}` }).click()
    await expect.poll(() => read(page).count()).toBe(0)
    expect(await isInSight(page, 'bad_var')).toBe(true)
  })

  test('shows the loop whose output is read', async () => {
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /bad_var not found/).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('in the loop')
    await row(page, 'in the loop').nth(3).waitFor()
    await page.getByRole('table', { name: 'Log lines' }).press('PageDown')
    await page.getByRole('table', { name: 'Log lines' }).press('PageDown')
    await expect.poll(() => read(page).textContent()).toContain('forvalues i = 1/200 {')
  })

  test('leads from a line to its output, by click and by key', async () => {
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /bad_var not found/).waitFor()
    await source(page).evaluate((pane) => pane.scrollTo({ top: 0 }))
    await source(page).getByText('display "early 7"').click()
    await row(page, '. display "early 7"').waitFor()
    expect(await row(page, '. display "early 7"').getAttribute('data-pointed')).toBe('')
    const line = Number(pointed(page).slice(2))
    expect(await seenRows(page)).toContain(line)
    await source(page).getByRole('link', { name: 'Line 10: go to its output' }).focus()
    await page.keyboard.press('Enter')
    await row(page, '. display "early 9"').waitFor()
    await expect.poll(() => read(page).textContent()).toContain('display "early 9"')
    // What was never run leads nowhere.
    await page.getByRole('link', { name: `Go to line ${failedAt}` }).click()
    await source(page).getByText('display "never 2"').waitFor()
    expect(
      await source(page)
        .getByRole('link', { name: `Line ${2 * FILLERS + 7}:` })
        .count(),
    ).toBe(0)
  })

  test('on a phone leads to the log, which it hides', async () => {
    await using dashboard = await open(`${address}?show=do-file`, { viewport: { width: 390, height: 800 } })
    const { page } = dashboard
    await stopped(page).waitFor()
    await source(page).evaluate((pane) => pane.scrollTo({ top: 0 }))
    await source(page).getByText('display "early 7"').click()
    await row(page, '. display "early 7"').waitFor()
    await page.getByRole('link', { name: 'Do-file', exact: true }).click()
    await page.getByRole('link', { name: `Go to line ${failedAt}` }).click()
    await lineNumber(page, failedAt).waitFor()
    expect(pointed(page)).toBe(`#L${failedAt}`)
  })

  test('of a run that waits is the file as it is now, and of one that has begun the file as it was then', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('first.do', '* engine: hang\n')
    await workspace.file('second.do', '* as it was\n* engine: hang\n')
    const stata = await scriptedEngine(workspace.root)
    const { url } = await workspace.start({ stata, args: ['--max-running', '1'] })
    const { runs } = createTailgateClient({ url })
    const first = await runs.start({ file: 'first.do' })
    const second = await runs.start({ file: 'second.do' })
    await using dashboard = await open(`${url}/run/${second.id}`)
    const { page } = dashboard
    await page.getByText(/The do-file as it is now/).waitFor()
    await source(page).getByText('* as it was').waitFor()
    await page.getByText('number 1').waitFor()
    await workspace.file('second.do', '* as it is\n* engine: print going\n* engine: hang\n')
    await first.cancel()
    await source(page).getByText('* as it is').waitFor()
    expect(await page.getByText(/The do-file as it is now/).count()).toBe(0)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled', { exact: true }).waitFor()
  })
})
