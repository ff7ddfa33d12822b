import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compressAssets } from './compress-assets.ts'
import { sourceDigest } from './source-digest.ts'

/**
 * Builds the dashboard into `dashboard/dist`, unless what lies there was built from the same sources. Several at once
 * take turns, and a gateway that is serving finds a whole dashboard at every moment but one.
 */

const DASHBOARD = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(DASHBOARD, 'dist')
const NEXT = join(DASHBOARD, 'dist.next')
const LOCK = join(DASHBOARD, 'dist.lock')
const DIGEST_FILE = join(DIST, 'source-digest')

/** What ends up in the bundle, or decides how it is made. */
const SOURCES = [
  ...['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(DASHBOARD, name)),
  join(DASHBOARD, '../client/src'),
  join(DASHBOARD, '../shared/src'),
  join(DASHBOARD, '../pnpm-lock.yaml'),
]

/** A builder that was killed leaves its lock; no build takes this long. */
const STALE_LOCK_MS = 120_000
const LOCK_POLL_MS = 100

async function buildIfStale(): Promise<void> {
  const digest = await sourceDigest(SOURCES)
  if (await isBuiltFrom(digest)) return
  await takeLock()
  try {
    if (await isBuiltFrom(digest)) return
    const started = performance.now()
    // A test runner's own setting would bundle the libraries as they are for development.
    process.env.NODE_ENV = 'production'
    const { build } = await import('vite')
    await build({ root: DASHBOARD, logLevel: 'warn', build: { outDir: NEXT, emptyOutDir: true } })
    await compressAssets(join(NEXT, 'assets'))
    await writeFile(join(NEXT, 'source-digest'), digest)
    await rm(DIST, { recursive: true, force: true })
    await rename(NEXT, DIST)
    console.log(`Built the dashboard in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
  } finally {
    await rm(LOCK, { recursive: true, force: true })
  }
}

async function isBuiltFrom(digest: string): Promise<boolean> {
  return (await readFile(DIGEST_FILE, 'utf8').catch(() => null)) === digest
}

async function takeLock(): Promise<void> {
  while (true) {
    try {
      await mkdir(LOCK)
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const held = await stat(LOCK).catch(() => null)
    if (held !== null && Date.now() - held.mtimeMs > STALE_LOCK_MS) await rm(LOCK, { recursive: true, force: true })
    await delay(LOCK_POLL_MS)
  }
}

await buildIfStale()
