import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Compiles the line kernel into `server/kernel/dist`, unless what lies there was made from the same source. Several at
 * once do the same work, and whoever reads the kernel meanwhile finds a whole one.
 */

const SERVER = fileURLToPath(new URL('..', import.meta.url))
const SOURCE = 'kernel/line-kernel.ts'
const DIST = join(SERVER, 'kernel/dist')
const KERNEL = join(DIST, 'line-kernel.wasm')
const DIGEST_FILE = join(DIST, 'source-digest')

/** No runtime, no memory of its own; what it exports is all there is. */
const OPTIONS = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert']

/** What is compiled, how, and by which version. */
const INPUTS = [SOURCE, 'build/main.ts', 'package.json']

async function buildIfStale(): Promise<void> {
  const digest = await inputDigest()
  if (await isBuiltFrom(digest)) return
  const started = performance.now()
  await mkdir(DIST, { recursive: true })
  const next = join(DIST, `${process.pid}.wasm`)
  const { main } = await import('assemblyscript/asc')
  const { error, stderr } = await main([SOURCE, '--baseDir', SERVER, '--outFile', next, ...OPTIONS])
  if (error !== null) throw new Error(`The line kernel cannot be compiled.\n${stderr}`, { cause: error })
  await rename(next, KERNEL)
  await writeFile(DIGEST_FILE, digest)
  console.log(`Built the line kernel in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
}

async function inputDigest(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of INPUTS) hash.update(await readFile(join(SERVER, name)))
  return hash.digest('hex')
}

async function isBuiltFrom(digest: string): Promise<boolean> {
  const [built, kernel] = await Promise.all([readFile(DIGEST_FILE, 'utf8'), stat(KERNEL)]).catch(() => [null, null])
  return kernel !== null && built === digest
}

await buildIfStale()
