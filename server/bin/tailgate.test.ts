import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./tailgate.js', import.meta.url))

async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'tailgate-compiled-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  return home
}

/** Runs the command, which ends at once, and keeps what it compiles below `cacheHome`. */
async function tellVersion(cacheHome: string): Promise<void> {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--version'], {
    env: { ...env, XDG_CACHE_HOME: cacheHome },
  })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
}

test('compiled code is kept where only its user may look', async () => {
  const home = await temporaryHome()
  await tellVersion(home)
  expect(await readdir(join(home, 'tailgate', 'compiled'))).not.toEqual([])
  expect((await stat(join(home, 'tailgate'))).mode & 0o777).toBe(0o700)
})

test('a cache that others could have written is neither read nor written', async () => {
  const home = await temporaryHome()
  const compiled = join(home, 'tailgate', 'compiled')
  await mkdir(compiled, { recursive: true })
  await chmod(compiled, 0o777)
  await tellVersion(home)
  expect(await readdir(compiled)).toEqual([])
})

test('the command works where no cache can be made', async () => {
  await tellVersion('/dev/null')
})
