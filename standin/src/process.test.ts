/** How the process behaves while it runs: line by line, and dead at once when a signal says so. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { STANDIN_MAIN } from './index.ts'

let directory = ''
let child: ChildProcess | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'standin-process-'))
})

afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
})

function start(source: string): ChildProcess {
  writeFileSync(join(directory, 'run.do'), source)
  child = spawn(process.execPath, [STANDIN_MAIN, '-b', '-q', 'do', 'run.do'], { cwd: directory, stdio: 'ignore' })
  return child
}

const log = (): string => {
  const path = join(directory, 'run.log')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

/** Resolves once the log holds the text. */
async function logHolds(text: string): Promise<void> {
  const watcher = watch(directory)
  try {
    while (!log().includes(text)) await once(watcher, 'change')
  } finally {
    watcher.close()
  }
}

test.each([
  ['sleep', 'sleep 600000'],
  ['a loop without end', 'while 1 {\n}'],
  ['a shell command', 'shell exec sleep 600'],
])('SIGTERM during %s ends it at once, without a marker and without the unfinished line', async (_what, command) => {
  const standin = start(`display "ready"\ndisplay "lost" _continue\nif 1 {\n${command}\n}\n`)
  await logHolds('\n. if 1 {\n')
  const before = log()
  const exit = once(standin, 'exit')
  standin.kill('SIGTERM')
  expect(await exit).toEqual([null, 'SIGTERM'])
  expect(log().startsWith(before)).toBe(true)
  expect(log()).not.toContain('end of do-file')
})

test('a held-back line appears when it is finished, and not before', async () => {
  const flag = join(directory, 'go')
  const standin = start(
    `display "first"\nforvalues i = 1/2 {\ndisplay "part \`i' " _continue\nshell while [ ! -e go ]; do sleep 0.02; done\n}\n`,
  )
  await logHolds('  4. }\n')
  expect(log()).not.toContain('part 1 part')
  const exit = once(standin, 'exit')
  writeFileSync(flag, '')
  expect(await exit).toEqual([0, null])
  expect(log()).toContain('\npart 1 part 2 \n')
})

test('a failed do-file still exits with status 0, as in Stata', async () => {
  const [code] = await once(start('error 9\n'), 'exit')
  expect(code).toBe(0)
  expect(log().endsWith('assertion is false\nr(9);\n\nend of do-file\nr(9);\n')).toBe(true)
})
