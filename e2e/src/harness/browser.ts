import { type Browser, chromium } from 'playwright-core'
import { isInstalled } from './installed.ts'

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** Whether there is Debian's Chromium; see `isInstalled`. */
export function hasChromium(): boolean {
  return isInstalled('chromium', CHROMIUM, 'apt-get install chromium')
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
