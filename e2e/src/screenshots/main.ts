import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../harness/browser.ts'
import { buildDashboard, openDashboard } from '../harness/dashboard-page.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { createLab } from './lab.ts'
import { firstPage, type Shot, shotsOfLab, signIn } from './shots.ts'

/**
 * `pnpm screenshots [NAME …]`: takes the pictures of the documentation anew, in light and dark, into
 * docs/screenshots. Wants Chromium, and the fonts Inter and JetBrains Mono.
 */

const TARGET = fileURLToPath(new URL('../../../docs/screenshots', import.meta.url))
const WIDE = { width: 1280, height: 800 }
/** Sharp on the screens of today, and small enough to be kept with the sources. */
const SCALE = 1.5
const WEBP_QUALITY = 86

const names = process.argv.slice(2)

await buildDashboard()
await mkdir(TARGET, { recursive: true })
const browser = await launchChromium(['--font-render-hinting=none', '--hide-scrollbars'])
try {
  await using lab = await createLab()
  await take(browser, lab.url, shotsOfLab(lab.runs))
  await using newcomer = await createWorkspace()
  await take(browser, (await newcomer.start()).url, [firstPage])
  await using guarded = await createWorkspace()
  await take(browser, (await guarded.start({ args: ['--auth', 'token'] })).url, [signIn])
} finally {
  await browser.close()
}

async function take(browser: Browser, url: string, shots: readonly Shot[]): Promise<void> {
  for (const { name, address, viewport = WIDE, prepare } of shots) {
    if (names.length > 0 && !names.includes(name)) continue
    for (const colorScheme of ['light', 'dark'] as const) {
      await using dashboard = await openDashboard(browser, url + address, {
        colorScheme,
        viewport,
        deviceScaleFactor: SCALE,
        reducedMotion: 'reduce',
        requestsMayFail: true,
      })
      const { page, context } = dashboard
      await prepare(page)
      await page.mouse.move(0, 0)
      await page.evaluate(() => document.fonts.ready.then(() => {}))
      const session = await context.newCDPSession(page)
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: WEBP_QUALITY })
      const bytes = Buffer.from(data, 'base64')
      await writeFile(join(TARGET, `${name}-${colorScheme}.webp`), bytes)
      console.log(`${name}-${colorScheme}.webp  ${Math.round(bytes.length / 1000)} KB`)
    }
  }
}
