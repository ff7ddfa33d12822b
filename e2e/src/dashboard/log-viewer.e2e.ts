import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFindings } from '../harness/axe-findings.ts'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { lineNumber, pointed, row, runDoFile, seenRows } from '../harness/log-page.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'

/** A researcher reads a log: finds the error, searches, points a colleague to a line. */

const FAILING = `* engine: echo * ---- Wages ----
* engine: echo summarize wage
* engine: burst 300
* engine: echo regress wage nobody
* engine: error 111 variable nobody not found
`

describeInBrowser('the log of a run', (open) => {
  let library: Workspace
  /** A run that failed, for all the tests that only read. */
  let failed: { address: string }
  beforeAll(async () => {
    library = await createWorkspace()
    failed = await runDoFile(library, FAILING)
  }, 120_000)
  afterAll(() => library?.[Symbol.asyncDispose]())

  test('opens at its end, where commands, output and errors are told apart in words as well', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /variable nobody not found/)
      .getByRole('rowheader', { name: /Error/ })
      .waitFor()
    await row(page, /\. regress wage nobody/)
      .getByRole('rowheader', { name: /Command/ })
      .waitFor()
    expect(await row(page, 'line 300').getAttribute('data-kind')).toBe('output')
    const count = await page.getByRole('table', { name: 'Log lines' }).getAttribute('aria-rowcount')
    expect(await seenRows(page)).toContain(Number(count))
  })

  test('goes from error to error and from command to command by key', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press('g')
    await row(page, /\. summarize wage/).waitFor()
    await page.keyboard.press('e')
    await page.getByRole('toolbar', { name: 'Lines pointed at' }).waitFor()
    const error = pointed(page)
    expect(error).toMatch(/^#L\d+-L\d+$/)
    expect(await row(page, /not found/).getAttribute('data-pointed')).toBe('')
    await page.keyboard.press('[')
    await expect.poll(() => row(page, /\. regress wage nobody/).getAttribute('data-pointed')).toBe('')
    await page.keyboard.press('E')
    await expect.poll(() => pointed(page)).toBe(error)
  })

  test('is searched to its first line from wherever one is, with the number of matches', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Search the log' }).fill('LINE 7')
    const status = page.getByRole('search').getByRole('status')
    await expect.poll(() => status.textContent()).toBe('1 of 11 lines')
    expect(await page.locator('mark').first().textContent()).toBe('line 7')
    await page.keyboard.press('Enter')
    await expect.poll(() => status.textContent()).toBe('2 of 11 lines')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.press('Shift+Enter')
    await expect.poll(() => status.textContent()).toBe('11 of 11 lines')
    await row(page, 'line 79').waitFor()
    await page.getByRole('button', { name: 'Match upper and lower case' }).click()
    await expect.poll(() => status.textContent()).toBe('No match')
    await page.getByRole('textbox', { name: 'Search the log' }).press('Escape')
    expect(await page.getByRole('search').count()).toBe(0)
    expect(await page.locator('mark').count()).toBe(0)
  })

  test('lines are pointed at in the address, which opens there for whoever gets it', async () => {
    const { address } = failed
    await using dashboard = await open(`${address}#L120-L122`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const { page } = dashboard
    await lineNumber(page, 121).waitFor()
    expect(await seenRows(page)).toEqual(expect.arrayContaining([120, 121, 122]))
    // A row may be there before its line is.
    await page.locator('[aria-rowindex="122"]:not([aria-busy])').waitFor()
    const texts = await Promise.all(
      [120, 121, 122].map((line) => page.locator(`[aria-rowindex="${line}"] [role=cell]`).textContent()),
    )
    await page.keyboard.press('y')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(texts.join('\n'))
    await lineNumber(page, 125).click()
    await expect.poll(() => pointed(page)).toBe('#L125')
    await lineNumber(page, 123).click({ modifiers: ['Shift'] })
    await expect.poll(() => pointed(page)).toBe('#L123-L125')
    await page.keyboard.press('Y')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(`${address}#L123-L125`)
    await page.keyboard.press('Escape')
    await expect.poll(() => pointed(page)).toBe('')
  })

  test('one click leads from the message of a failed run to the line of its command', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press('g')
    for (let visit = 0; visit < 2; visit += 1) {
      await page.getByRole('link', { name: /Go to line/ }).click()
      await expect.poll(() => row(page, /\. regress wage nobody/).getAttribute('data-pointed')).toBe('')
      await page.keyboard.press('g')
      await row(page, /\. summarize wage/).waitFor()
    }
  })

  test('has an outline of its commands, in which comments are headings', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press('o')
    const outline = page.getByRole('navigation', { name: 'Outline of the log' })
    await outline.getByRole('button', { name: /Error: variable nobody not found/ }).waitFor()
    await outline.getByRole('button', { name: /^Wages/ }).click()
    await row(page, /\. summarize wage/).waitFor()
    await outline.getByRole('textbox', { name: 'Filter the outline' }).fill('regress')
    expect(await outline.getByRole('listitem').count()).toBe(1)
    await outline.getByRole('button', { name: /regress wage nobody/ }).click()
    await expect.poll(() => row(page, /\. regress wage nobody/).getAttribute('data-pointed')).toBe('')
  })

  test('goes to a line that is typed, and says when there is none', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press(':')
    const field = page.getByRole('textbox', { name: 'Go to line' })
    await field.fill('9,999')
    await page.getByText(/The log has \d+ lines/).waitFor()
    await field.fill('200-210')
    await field.press('Enter')
    await expect.poll(() => pointed(page)).toBe('#L200-L210')
    expect(await seenRows(page)).toContain(200)
  })

  test.each(['light', 'dark'] as const)('axe finds nothing in it with everything open, %s', async (colorScheme) => {
    const { address } = failed
    await using dashboard = await open(`${address}#L120-L122`, { colorScheme })
    const { page } = dashboard
    await lineNumber(page, 121).waitFor()
    await page.keyboard.press('o')
    await page.getByRole('button', { name: /regress wage nobody/ }).waitFor()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Search the log' }).fill('line 12')
    await page.locator('mark').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
  })

  test('is downloaded as the engine wrote it', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Log' }).and(page.locator('[download]')).click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^main-\w+\.log$/)
    const text = await readFile(await download.path(), 'utf8')
    expect(text).toContain('\nline 1\nline 2\n')
    expect(text.trimEnd().split('\n').length).toBe(
      Number(await page.getByRole('table', { name: 'Log lines' }).getAttribute('aria-rowcount')),
    )
  })

  test('its keys are in the help sheet', async () => {
    const { address } = failed
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    for (const what of ['Search the log', 'Next error', 'Wrap long lines, or not']) await help.getByText(what).waitFor()
  })
})
