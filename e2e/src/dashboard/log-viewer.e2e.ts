import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFindings } from '../harness/axe-findings.ts'
import { hasChromium, launchChromium } from '../harness/browser.ts'
import { buildDashboard, openDashboard } from '../harness/dashboard-page.ts'
import { existing } from '../harness/existing.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A researcher reads a log: finds the error, searches, points a colleague to a line, watches it grow. */

const row = (page: Page, text: string | RegExp) =>
  page.getByRole('table', { name: 'Log lines' }).getByRole('row', { name: text })
const lineNumber = (page: Page, line: number) => page.getByRole('link', { name: String(line), exact: true })
/** The lines that the address points at. */
const pointed = (page: Page) => new URL(page.url()).hash
/** Numbers of the rows that can be seen whole. */
const seenRows = (page: Page) =>
  page.getByRole('table', { name: 'Log lines' }).evaluate((table) => {
    const { top, bottom } = table.getBoundingClientRect()
    return [...table.querySelectorAll('[role=row]')]
      .filter((row) => row.getBoundingClientRect().top >= top - 1 && row.getBoundingClientRect().bottom <= bottom + 1)
      .map((row) => Number(row.getAttribute('aria-rowindex')))
  })

/** Starts a do-file with the scripted engine, unless `ended` waits for its end as well, and gives the page's address. */
async function run(
  workspace: Workspace,
  doFile: string,
  { ended = true } = {},
): Promise<{ address: string; url: string }> {
  await workspace.file('main.do', doFile)
  const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
  const started = await createTailgateClient({ url }).runs.start({ file: 'main.do' })
  if (ended) await started.result()
  return { url, address: `${url}/run/${started.id}?show=log` }
}

const FAILING = `* engine: echo * ---- Wages ----
* engine: echo summarize wage
* engine: burst 300
* engine: echo regress wage nobody
* engine: error 111 variable nobody not found
`

describe.skipIf(!hasChromium())('the log of a run', () => {
  let browser: Browser
  let library: Workspace
  /** A run that failed, for all the tests that only read. */
  let failed: { address: string }
  beforeAll(async () => {
    await buildDashboard()
    browser = await launchChromium()
    library = await createWorkspace()
    failed = await run(library, FAILING)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await library?.[Symbol.asyncDispose]()
  })

  test('opens at its end, where commands, output and errors are told apart in words as well', async () => {
    const { address } = failed
    await using dashboard = await openDashboard(browser, address)
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
    await using dashboard = await openDashboard(browser, address)
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
    await using dashboard = await openDashboard(browser, address)
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
    await using dashboard = await openDashboard(browser, `${address}#L120-L122`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const { page } = dashboard
    await lineNumber(page, 121).waitFor()
    expect(await seenRows(page)).toEqual(expect.arrayContaining([120, 121, 122]))
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
    await using dashboard = await openDashboard(browser, address)
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
    await using dashboard = await openDashboard(browser, address)
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
    await using dashboard = await openDashboard(browser, address)
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

  test('grows under the eyes of its reader, and lets go when the reader looks elsewhere', async () => {
    await using workspace = await createWorkspace()
    const goOn = join(workspace.root, 'go-on')
    const doFile = `* engine: burst 500\n* engine: touch ${workspace.root}/here\n* engine: wait-for ${goOn}\n* engine: burst 250\n* engine: print the end\n`
    const { address } = await run(workspace, doFile, { ended: false })
    await existing(join(workspace.root, 'here'))
    await using dashboard = await openDashboard(browser, address)
    const { page } = dashboard
    await row(page, 'line 500').waitFor()
    await row(page, 'line 500').hover()
    await page.mouse.wheel(0, -1_000)
    await page.getByRole('button', { name: 'Follow' }).waitFor()
    const before = await seenRows(page)
    await workspace.file('go-on', '')
    await page.getByRole('button', { name: /^\d+ new lines$/ }).waitFor()
    expect(await seenRows(page)).toEqual(before)
    await page.getByRole('button', { name: /new lines$/ }).click()
    await row(page, 'the end').waitFor()
  })

  test('shows each line once, in its place, though the gateway is killed and started again', async () => {
    await using workspace = await createWorkspace()
    const goOn = join(workspace.root, 'go-on')
    await workspace.file(
      'main.do',
      `* engine: print first\n* engine: touch ${workspace.root}/here\n* engine: wait-for ${goOn}\n* engine: print second\n* engine: print third\n`,
    )
    const stata = await scriptedEngine(workspace.root)
    const gateway = await workspace.start({ stata })
    const { id } = await createTailgateClient({ url: gateway.url }).runs.start({ file: 'main.do' })
    await existing(join(workspace.root, 'here'))
    await using dashboard = await openDashboard(browser, `${gateway.url}/run/${id}?show=log`, { requestsMayFail: true })
    const { page } = dashboard
    await row(page, 'first').waitFor()
    await gateway.stop('SIGKILL')
    await workspace.file('go-on', '')
    await workspace.start({ stata, args: ['--port', new URL(gateway.url).port] })
    await row(page, 'third').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    const shown = await page.getByRole('cell').allTextContents()
    const log = await page.evaluate(async (id) => await (await fetch(`/runs/${id}/log`)).text(), id)
    expect(shown).toEqual(log.trimEnd().split('\n'))
  })

  test('full of markup, control characters, foreign directions and a line of a megabyte is shown as text', async () => {
    await using workspace = await createWorkspace()
    const hex = (text: string) => Buffer.from(text).toString('hex')
    const lines = [
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
      '\u001b[31mred\u001b[0m \u0000 \u0007 \u202eevil\u2066',
      'مرحبا بالعالم שלום',
      `${'x'.repeat(1_000_000)}y`,
      'after all that',
    ]
    const { address } = await run(workspace, lines.map((line) => `* engine: bytes ${hex(`${line}\n`)}\n`).join(''))
    await using dashboard = await openDashboard(browser, address)
    const { page } = dashboard
    await row(page, 'after all that').waitFor()
    await row(page, /<script>document\.title="owned"<\/script>/).waitFor()
    await row(page, /␛\[31mred␛\[0m ␀ ␇ <202E>evil<2066>/).waitFor()
    await row(page, /مرحبا بالعالم שלום/).waitFor()
    expect(await page.title()).not.toContain('owned')
    const heights = await page
      .getByRole('row')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height))
    expect(new Set(heights)).toEqual(new Set([20]))
    await page.keyboard.press('w')
    await page.keyboard.press('G')
    await row(page, 'after all that').waitFor()
    await page.getByRole('button', { name: /more characters$/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1,000,001 characters').waitFor()
    expect((await dialog.textContent())?.endsWith('xy')).toBe(true)
  })

  test('wraps long lines, and each can still be reached', async () => {
    await using workspace = await createWorkspace()
    const long = Array.from({ length: 120 }, (_, i) => `* engine: print ${`word${i} `.repeat(80)}\n`).join('')
    const { address } = await run(workspace, long)
    await using dashboard = await openDashboard(browser, address)
    const { page } = dashboard
    await row(page, /word119/).waitFor()
    await page.keyboard.press('w')
    await row(page, /word119/).waitFor()
    expect((await row(page, /word119/).boundingBox())?.height).toBeGreaterThan(40)
    await page.keyboard.press('g')
    await row(page, /word0 /).waitFor()
    await row(page, /word0 /).hover()
    const count = Number(await page.getByRole('table', { name: 'Log lines' }).getAttribute('aria-rowcount'))
    const seen = new Set<number>()
    for (let turn = 0; turn < 200 && !seen.has(count); turn += 1) {
      for (const line of await seenRows(page)) seen.add(line)
      await page.mouse.wheel(0, 300)
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    }
    expect([...seen].sort((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  })

  test.each(['light', 'dark'] as const)('axe finds nothing in it with everything open, %s', async (colorScheme) => {
    const { address } = failed
    await using dashboard = await openDashboard(browser, `${address}#L120-L122`, { colorScheme })
    const { page } = dashboard
    await lineNumber(page, 121).waitFor()
    await page.keyboard.press('o')
    await page.getByRole('button', { name: /regress wage nobody/ }).waitFor()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Search the log' }).fill('line 12')
    await page.locator('mark').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
  })

  test('its keys are in the help sheet', async () => {
    const { address } = failed
    await using dashboard = await openDashboard(browser, address)
    const { page } = dashboard
    await row(page, /not found/).waitFor()
    await page.keyboard.press('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    for (const what of ['Search the log', 'Next error', 'Wrap long lines, or not']) await help.getByText(what).waitFor()
  })
})
