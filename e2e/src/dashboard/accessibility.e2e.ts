import { createTailgateClient } from '@tailgate/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axeFindings } from '../harness/axe-findings.ts'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'

/** Nobody is shut out: what axe can tell, on every page, light and dark; what only a keyboard can; narrow screens. */

describeInBrowser('the dashboard', (open) => {
  let workspace: Workspace
  let url: string
  const runs: Record<string, string> = {}
  beforeAll(async () => {
    workspace = await createWorkspace()
    await workspace.file(
      'good.do',
      '* A do-file\nset obs 3\ngenerate x = _n\nsave "kept.dta", replace\ndisplay "fine"\nsleep 2500\n',
    )
    await workspace.file('failing.do', 'generate y = bad_var\n')
    ;({ url } = await workspace.start())
    const client = createTailgateClient({ url })
    for (const name of ['good', 'good', 'failing']) {
      const run = await client.runs.start({ file: `${name}.do`, args: ['one'] })
      await run.result()
      runs[name] = run.id
    }
  }, 240_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  const PAGES: readonly (readonly [string, () => string, (page: Page) => Promise<void>])[] = [
    ['the runs', () => '/', (page) => page.getByRole('row', { name: /failing\.do/ }).waitFor()],
    ['no run that fits', () => '/?q=nothing', (page) => page.getByText('No run is like that').waitFor()],
    ['starting a run', () => '/start?file=good.do&arg=1', (page) => page.getByText('* A do-file').waitFor()],
    ['a run that succeeded', () => `/run/${runs.good}`, (page) => page.getByText('. display "fine"').waitFor()],
    ['a run that failed', () => `/run/${runs.failing}`, (page) => page.getByText('Go to line').waitFor()],
    ['its log alone', () => `/run/${runs.good}?show=log`, (page) => page.getByText('. display "fine"').waitFor()],
    ['its files', () => `/run/${runs.good}?show=files`, (page) => page.getByText('kept.dta').last().waitFor()],
    ['its plots', () => `/run/${runs.good}?show=plots`, (page) => page.getByText('Runs of this do-file').waitFor()],
    ['its details', () => `/run/${runs.good}?show=details`, (page) => page.getByText('Working directory').waitFor()],
    [
      'the help sheet',
      () => '/',
      async (page) => {
        await page.getByRole('row', { name: /failing\.do/ }).waitFor()
        await page.keyboard.press('?')
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      },
    ],
    [
      'a question',
      () => `/run/${runs.good}`,
      async (page) => {
        await page.getByRole('button', { name: 'Delete the run' }).click()
        await page.getByRole('alertdialog').waitFor()
      },
    ],
    [
      'an address that there is not',
      () => '/login/../start/../run/x',
      (page) => page.getByText('cannot be shown').waitFor(),
    ],
  ]

  test.each(PAGES.flatMap((page) => (['light', 'dark'] as const).map((theme) => [page[0], theme, page] as const)))(
    'axe finds nothing on the page of %s, %s',
    async (_name, colorScheme, [, address, ready]) => {
      await using dashboard = await open(url + address(), { colorScheme, requestsMayFail: true })
      await ready(dashboard.page)
      expect(await dashboard.page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme)
      expect(await axeFindings(dashboard.page)).toEqual([])
    },
  )

  test('the theme follows the system until it is chosen, and the choice is kept', async () => {
    await using dashboard = await open(url, { colorScheme: 'dark' })
    const { page } = dashboard
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
    await page.getByRole('button', { name: 'Theme: as the system has it' }).click()
    expect(await theme()).toBe('light')
    await page.reload()
    await page.getByRole('button', { name: 'Theme: light' }).waitFor()
    expect(await theme()).toBe('light')
    await page.getByRole('button', { name: 'Theme: light' }).click()
    await page.getByRole('button', { name: 'Theme: dark' }).click()
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(theme).toBe('light')
  })

  test('runs are looked through, opened and acted upon without a mouse', async () => {
    await using dashboard = await open(url)
    const { page } = dashboard
    await page.getByRole('row', { name: /failing\.do/ }).waitFor()
    await page.keyboard.press('j')
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '')
    expect(await focused()).toContain('failing.do')
    await page.keyboard.press('j')
    expect(await focused()).toContain('good.do')
    await page.keyboard.press('k')
    await page.keyboard.press('x')
    await page.getByRole('alertdialog', { name: 'Delete the run of failing.do?' }).waitFor()
    // The way out has the focus.
    expect(await focused()).toBe('Keep it')
    await page.keyboard.press('Escape')
    await page.getByRole('alertdialog').waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await page.keyboard.type('good')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('row', { name: /failing\.do/ }).count()).toBe(0)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'good.do' }).waitFor()
    await page.keyboard.press('i')
    await page.getByText('Working directory').waitFor()
    await page.keyboard.press('u')
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
  })

  test('single-key shortcuts can be turned off, and stay off', async () => {
    await using dashboard = await open(url)
    const { page } = dashboard
    await page.getByRole('row', { name: /failing\.do/ }).waitFor()
    await page.keyboard.press('?')
    const off = page.getByRole('dialog').getByRole('switch', { name: 'Single-key shortcuts' })
    await off.focus()
    await page.keyboard.press('Space')
    expect(await off.isChecked()).toBe(false)
    await page.keyboard.press('Escape')
    await page.reload()
    await page.getByRole('row', { name: /failing\.do/ }).waitFor()
    await page.keyboard.press('s')
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    await page.getByRole('dialog').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  })

  test.each(['/', '/start', '/run/:good', '/run/:failing?show=files'])(
    '%s fits a phone: nothing is cut off at the side',
    async (address) => {
      const path = address.replace(/:(\w+)/, (_, name: string) => runs[name] ?? '')
      await using dashboard = await open(url + path, { viewport: { width: 360, height: 740 } })
      const { page } = dashboard
      await page.getByRole('banner').first().waitFor()
      await page.getByText('This is not Stata.').waitFor()
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow).toBe(0)
      expect(await axeFindings(page)).toEqual([])
    },
  )
})
