import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { logName } from './command.ts'
import { platformOf } from './platform.ts'
import { WRAPPER_NAME, wrapperDoFile } from './wrapper.ts'

const STANDIN = fileURLToPath(new URL('./main.ts', import.meta.resolve('@tailgate/standin')))
/** Enough to meet every pair of the tricky characters, in one process. */
const ARGUMENTS = 1_000

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`wrapper-round-trip.test.ts: fast-check seed ${seed}`)

test('a do-file in the stand-in gets every argument that the wrapper accepts as it was given', () => {
  // Short enough for one line of log each.
  const tricky = fc.string({
    unit: fc.constantFrom('"', "'", ' ', '\\', ',', '/', '*', '(', '-', 'a', '7', 'é'),
    maxLength: 20,
  })
  const any = fc.string({ unit: 'grapheme', maxLength: 10 })
  const accepted = fc.sample(fc.oneof(tricky, any), { numRuns: 3 * ARGUMENTS, seed }).filter((arg) => accepts(arg))
  const args = ['', ' ', '"', "'", '  a  ', '5" pipe', '"quoted"', ...accepted].slice(0, ARGUMENTS)
  expect(args).toHaveLength(ARGUMENTS)
  expect(argumentsSeenByDoFile(args)).toEqual(args)
})

function accepts(arg: string): boolean {
  return wrapperDoFile({ file: '/a.do', workingDir: '/', args: [arg], platform: 'linux' }).ok
}

/** Runs the wrapper for real, with a do-file that displays its macros. */
function argumentsSeenByDoFile(args: readonly string[]): string[] {
  const directory = mkdtempSync(path.join(tmpdir(), "it's a wrapper "))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = path.join(directory, 'show arguments.do')
  writeFileSync(file, args.map((_, index) => `display _asis \`"[\`${index + 1}']"'\n`).join(''))
  const wrapper = wrapperDoFile({ file, workingDir: directory, args, platform: platformOf(process.platform) })
  if (!wrapper.ok) throw new Error(wrapper.error.message)
  writeFileSync(path.join(directory, WRAPPER_NAME), wrapper.value)
  spawnSync(process.execPath, [STANDIN, '-b', '-q', 'do', WRAPPER_NAME], { cwd: directory })
  const log = readFileSync(path.join(directory, logName(WRAPPER_NAME)), 'utf8')
  return log.split('\n').flatMap((line) => /^\[(.*)\]$/.exec(line)?.[1] ?? [])
}
