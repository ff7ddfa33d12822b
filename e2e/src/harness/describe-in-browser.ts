import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { hasChromium, launchChromium } from './browser.ts'
import { buildDashboard, type DashboardPage, type OpenOptions, openDashboard } from './dashboard-page.ts'

/** Opens an address in the browser of these tests; see `openDashboard`. */
export type Open = (address: string, options?: OpenOptions) => Promise<DashboardPage>

/** Tests of the dashboard in one browser, where there is one. */
export function describeInBrowser(name: string, tests: (open: Open) => void): void {
  describe.skipIf(!hasChromium())(name, { timeout: 240_000 }, () => {
    let browser: Browser | undefined
    beforeAll(async () => {
      await buildDashboard()
      browser = await launchChromium()
    }, 120_000)
    afterAll(() => browser?.close())
    tests(async (address, options) => {
      if (browser === undefined) throw new Error('the browser was not started')
      return await openDashboard(browser, address, options)
    })
  })
}
