import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

const BUILD = fileURLToPath(new URL('../../../dashboard/build/main.ts', import.meta.url))

/** Builds the dashboard, if what is built is not of today's sources. */
export async function buildDashboard(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD])
}

/** A browser of its own, as far as cookies and storage go, with one page. */
export type DashboardPage = {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser complained about so far: errors of the page, and breaches of its security policy. */
  readonly complaints: readonly string[]
  /** Closes it, and fails if the browser had something to complain about. */
  [Symbol.asyncDispose](): Promise<void>
}

export type OpenOptions = BrowserContextOptions & {
  /** The gateway goes away or refuses in this test: what the browser says about requests that fail is expected. */
  readonly requestsMayFail?: boolean
}

/** Opens an address of the dashboard. */
export async function openDashboard(
  browser: Browser,
  address: string,
  { requestsMayFail = false, ...options }: OpenOptions = {},
): Promise<DashboardPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
  const complaints: string[] = []
  context.on('console', (message) => {
    const text = message.text()
    if (message.type() !== 'error' || (requestsMayFail && text.startsWith('Failed to load resource'))) return
    complaints.push(text)
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  const page = await context.newPage()
  page.setDefaultTimeout(40_000)
  await page.goto(address)
  return {
    page,
    context,
    complaints,
    [Symbol.asyncDispose]: async () => {
      await context.close()
      if (complaints.length > 0) throw new Error(`the browser complained: ${complaints.join('; ')}`)
    },
  }
}
