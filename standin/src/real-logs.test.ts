/**
 * Logs that real Stata wrote, where they are at hand: the do-files are read back from their echo, run here, and must give
 * the same log again.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { memorySystem } from './testing/memory-system.ts'
import { runSource } from './testing/run-source.ts'

const LOGS = join(import.meta.dirname, '../../../shared/stata-logs')
const isHere = existsSync(LOGS)
if (!isHere) console.warn(`SKIPPED: real Stata logs are not at ${LOGS}`)
const testWithLogs = test.skipIf(!isHere)

const ECHO = /^(?:\. |> | {0,2}\d{1,3}\. )(.*)$/

const readLog = (name: string): string[] => readFileSync(join(LOGS, name), 'utf8').trimEnd().split('\n')

/** The source lines that the log echoes between two lines of it. */
function echoed(log: readonly string[], from = 0, to = log.length): string {
  return log
    .slice(from, to)
    .flatMap((line) => ECHO.exec(line)?.slice(1) ?? [])
    .join('\n')
}

/** Random numbers differ, so the figures of a summarize table are compared by shape alone. */
const withoutFigures = (lines: readonly string[]): string[] =>
  lines.map((line) =>
    /^ +\w+ \| /.test(line) ? line.replace(/-?\d*\.\d+/g, (figure) => '#'.padStart(figure.length)) : line,
  )

testWithLogs('a do-file that fails inside another one', () => {
  const log = readLog('janfasnacht__stacy__tests__fixtures__logs__14_nested_error.log')
  const call = log.findIndex((line) => line.startsWith('. do '))
  const system = memorySystem({ 'nested/helper_with_error.do': echoed(log, call + 1) })
  expect(runSource(`${echoed(log, 0, call + 1)}\n`, system).slice(-log.length)).toEqual(log)
})

testWithLogs('a do-file that runs another one', () => {
  const log = readLog('janfasnacht__stacy__tests__fixtures__logs__13_nested_success.log')
  const call = log.findIndex((line) => line.startsWith('. do '))
  const back = log.indexOf('end of do-file')
  const helper = echoed(log, call + 1, back - 1)
  const main = `${echoed(log, 0, call + 1)}\n${echoed(log, back + 1, log.length - 2)}\n`
  const mine = runSource(main, memorySystem({ 'nested/helper.do': `${helper}\n` }))
  expect(withoutFigures(mine).map((line) => line.replace(/\s+/g, ' '))).toEqual(
    withoutFigures(log).map((line) => line.replace(/\s+/g, ' ')),
  )
})

testWithLogs('1,600 lines of programs are numbered as Stata numbers them', () => {
  const log = readLog('mcaceresb__stata-gtools__src__test__gtools_tests_unix.log')
  const from = log.indexOf('. program main')
  const to = log.findIndex((line, index) => index > from && !ECHO.test(line) && line !== '')
  const mine = runSource(`set linesize 255\n${echoed(log, from, to)}\n`)
  const start = mine.indexOf('. program main')
  expect(to - from).toBeGreaterThan(1600)
  expect(mine.slice(start, start + to - from)).toEqual(log.slice(from, to))
})
