import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/**
 * Debian's Chromium, or null where there is none: its tests are then skipped, loudly, unless the environment says that
 * it must be there.
 */
export function hasChromium(): boolean {
  if (existsSync(CHROMIUM)) return true
  const required = process.env.TAILGATE_TEST_REQUIRE?.split(',').includes('chromium')
  if (required) throw new Error(`${CHROMIUM} is not there, and TAILGATE_TEST_REQUIRE asks for it`)
  console.warn(`SKIPPED: no Chromium at ${CHROMIUM}; install it (apt-get install chromium) to run the browser tests`)
  return false
}

/** `args` are Chromium's own flags. */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  })
}
