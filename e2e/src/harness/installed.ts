import { existsSync } from 'node:fs'

/**
 * Whether a program that only some tests need is there. Where it is not, they are skipped, loudly, unless the
 * environment says that it must be there (`TAILGATE_TEST_REQUIRE=caddy,chromium,nginx`).
 */
export function isInstalled(name: string, path: string, howTo: string): boolean {
  if (existsSync(path)) return true
  const required = process.env.TAILGATE_TEST_REQUIRE?.split(',').includes(name)
  if (required) throw new Error(`${path} is not there, and TAILGATE_TEST_REQUIRE asks for it`)
  console.warn(`SKIPPED: no ${name} at ${path}; install it to run its tests (${howTo})`)
  return false
}
