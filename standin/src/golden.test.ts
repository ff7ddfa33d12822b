/**
 * Whole logs of the real process. Each `golden/<name>.do` runs in a copy of that folder; its log must be `<name>.log`,
 * byte for byte. After a wanted change: UPDATE_GOLDEN=1, and read the difference.
 */
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { STANDIN_MAIN, STANDIN_VERSION } from './index.ts'

const run = promisify(execFile)
const GOLDEN = join(import.meta.dirname, '../golden')
const names = readdirSync(GOLDEN)
  .filter((file) => file.endsWith('.do'))
  .map((file) => file.slice(0, -3))

let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'standin-golden-'))
  cpSync(GOLDEN, directory, { recursive: true, filter: (path) => !path.endsWith('.log') })
})

afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

const standin = (...args: string[]) => run(process.execPath, [STANDIN_MAIN, ...args], { cwd: directory })

describe('the log of', () => {
  test.each(names)('%s.do is the golden one', async (name) => {
    const { stdout, stderr } = await standin('-b', '-q', 'do', `${name}.do`)
    expect([stdout, stderr]).toEqual(['', ''])
    const log = readFileSync(join(directory, `${name}.log`), 'utf8')
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(join(GOLDEN, `${name}.log`), log)
    expect(log).toBe(readFileSync(join(GOLDEN, `${name}.log`), 'utf8'))
  })
})

test('without -q the log opens with a banner that says it is not Stata, and the command', async () => {
  writeFileSync(join(directory, 'a file.do'), 'display "$S_FN`1\'"\n')
  await standin('-b', 'do', 'a file.do', 'first')
  const log = readFileSync(join(directory, 'a file.log'), 'utf8')
  expect(log).toMatch(/^\nTailgate stand-in engine \S+\nThis is not Stata\./)
  expect(log.endsWith('\n. do "a file.do" first \n\n. display "$S_FN`1\'"\nfirst\n\n. \nend of do-file\n')).toBe(true)
})

test('a wrapper changes to a directory and runs a do-file with arguments there', async () => {
  const inner = join(directory, 'nested', 'inner.do')
  writeFileSync(
    join(directory, 'wrapper.do'),
    `cd \`"${join(directory, 'nested')}"'\ndo \`"${inner}"' \`"arg 1"' \`"b"'\n`,
  )
  await standin('-b', '-q', 'do', 'wrapper.do')
  const log = readFileSync(join(directory, 'wrapper.log'), 'utf8')
  expect(log).toContain('\n1 is arg 1, 2 is b, ')
  expect(log.match(/end of do-file/g)).toHaveLength(2)
})

test('a do-file that is missing leaves r(601) and no end of do-file', async () => {
  await standin('-b', 'do', 'missing.do')
  const log = readFileSync(join(directory, 'missing.log'), 'utf8')
  expect(log.endsWith('\n. do missing.do \nfile missing.do not found\nr(601);\n')).toBe(true)
})

test('what it cannot do at all it refuses on stderr, with status 1 and no log', async () => {
  const failed = await standin('-s', 'do', 'display.do').catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(String(failed)).toContain('SMCL')
  expect(readdirSync(directory)).not.toContain('display.log')
})

test.skipIf(!existsSync('/dev/full'))('a disk that is full ends it with status 1 and the reason', async () => {
  symlinkSync('/dev/full', join(directory, 'display.log'))
  const failed = await standin('-b', 'do', 'display.do').catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot go on writing the log') })
})

test('--version names the stand-in and the version of its package', async () => {
  const manifest: { version: string } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'))
  expect((await standin('--version')).stdout).toBe(`Tailgate stand-in engine ${manifest.version} (not Stata)\n`)
  expect(STANDIN_VERSION).toBe(manifest.version)
})
