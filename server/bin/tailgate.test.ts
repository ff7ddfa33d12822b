import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
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

test('however a gateway is started, Node.js is told how large its young generation may be', async () => {
  const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
  const command = await read('server/bin/tailgate.js')
  const option = /^#!\/usr\/bin\/env -S node (--max-semi-space-size=\d+)\n/.exec(command)?.[1]
  expect(option).toBeDefined()
  for (const path of ['package.json', 'docs/admin.md', 'docs/deploy/tailgate.service']) {
    const starts = (await read(path)).match(/node (\S+ )?server\/bin\/tailgate\.js\b(?! token)/g) ?? []
    expect(starts.length).toBeGreaterThan(0)
    for (const start of starts) expect(start).toBe(`node ${option} server/bin/tailgate.js`)
  }
  for (const path of ['bench/src/subjects/gateway-process.ts', 'e2e/src/harness/gateway-process.ts']) {
    expect(await read(path)).toContain(`'${option}'`)
  }
})
