import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLogParser, type LogVerdict } from './log-parser.ts'

/**
 * Logs that real Stata wrote, of versions 13 to 18. They lie beside the repository, not in it; what each says was
 * written down here by reading it.
 */

const LOGS = resolve(import.meta.dirname, '../../../../../shared/stata-logs')

type Expected = LogVerdict & { readonly files?: readonly string[] }

const completed = (line: number): LogVerdict => ({ type: 'completed', line, open: 0 })
const error = (rc: number, line: number, command: string, message: string | null): LogVerdict => ({
  type: 'error',
  rc,
  message,
  command,
  line,
})

/** By the beginning of the file's name. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'dean-create__': {
    ...completed(91),
    files: [
      'C:\\Users\\user\\.killstata\\stata-mcp\\sessions\\test_session\\wrapper-a7a92135174945b5b894db63deaeae47.log',
      'C:\\Users\\user\\.killstata\\stata-mcp\\sessions\\test_session\\state.dta',
    ],
  },
  'gslab-econ__gslab_make__gslab_make_dev__refactor_tests__stata': completed(29),
  'gslab-econ__gslab_make__stata_script_nonascii': error(
    601,
    23,
    'do "C:\\Users\\user\\gslab_make\\test\\raw\\run_program\\stata_script_â•¬â–“.do"',
    'file C:\\Users\\user\\gslab_make\\test\\raw\\run_program\\stata_script_â•¬â–“.do not\nfound',
  ),
  'gslab-econ__gslab_make__stata_script_space': error(
    603,
    31,
    'export delimited "output/output.csv", replace',
    'file output/output.csv could not be opened',
  ),
  janfasnacht__stacy__tests__fixtures__logs__13: completed(44),
  janfasnacht__stacy__tests__fixtures__logs__14: error(111, 24, 'gen y = bad_var + 1', 'bad_var not found'),
  'mcaceresb__stata-gtools__build__gtools_tests.ef6e1ff': error(12344, 77, 'exit 12344', null),
  'mcaceresb__stata-gtools__gtools_tests': error(
    17999,
    4038,
    'main, dependencies basic_checks comparisons bench_test',
    null,
  ),
  // It stops after the output of a program, without any end: from the log alone nobody can tell that it was meant to.
  'mcaceresb__stata-gtools__src__test__gtools_tests_unix.d895b05': {
    type: 'no-end-marker',
    command: 'main, basic_checks comparisons bench_test',
    line: 26,
  },
  'mcaceresb__stata-gtools__src__test__gtools_tests_unix.log': completed(5911),
  'mcaceresb__stata-gtools__src__test__gtools_tests_windows': {
    ...completed(5894),
    files: ['C:\\cygwin64\\home\\mauricio\\hashing\\build\\gtools_tests_windows.log'],
  },
  'mdroste__stata-ctools__-': error(601, 28, 'do -', 'file -.do not found'),
  'mdroste__stata-ctools__benchmark__test_ipm': error(
    120,
    162,
    'di as text "Maximum absolute difference: " as result %g `max_diff\'',
    'Maximum absolute difference: invalid %format',
  ),
  'mdroste__stata-ctools__debug_precision': error(
    110,
    186,
    "merge 1:1 id using `stata_result', update",
    'variable _merge already defined',
  ),
  'mdroste__stata-ctools__test_all_display': error(9, 369, 'assert "`e(depvar)\'" == "outcome"', 'assertion is false'),
  'mdroste__stata-ctools__test_memeff': error(199, 136, 'csort sort_key, timeit', 'command csort is unrecognized'),
  'mdroste__stata-ctools__test_stream': completed(36),
  'mdroste__stata-ctools__validate_cimport': error(1, 50, 'quietly {', '--Break--'),
  sergiocorreia__reghdfe__source__do_create_html_help: error(
    601,
    24,
    'do "do create_html_help.do"',
    'file do create_html_help.do not found',
  ),
  // A do-file opened and closed this log, and is not seen to end.
  'tpcopeland__Stata-Tools__pygrid__demo__console_period_axes': { type: 'completed', line: 95, open: 1 },
}

const present = existsSync(LOGS)
if (!present) console.log(`SKIPPED: the real logs of Stata are not at ${LOGS}`)
const names = present ? readdirSync(LOGS).filter((name) => name.endsWith('.log')) : []

/** Bytes as the gateway reads them: UTF-8, or else Windows-1252, which never fails. */
function linesOf(name: string): string[] {
  const bytes = readFileSync(resolve(LOGS, name))
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    text = new TextDecoder('windows-1252').decode(bytes)
  }
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function expectedOf(name: string): Expected | undefined {
  const keys = Object.keys(EXPECTED).filter((key) => name.startsWith(key))
  const longest = keys.sort((a, b) => b.length - a.length)[0]
  return longest === undefined ? undefined : EXPECTED[longest]
}

describe.skipIf(!present)('a real log', () => {
  test.each(names)('%s is read as a person reads it', (name) => {
    const { files = [], ...verdict } = expectedOf(name) ?? { type: 'empty' }
    const parser = createLogParser({ workingDir: '/work' })
    for (const line of linesOf(name)) parser.push(line)
    expect(parser.verdict()).toEqual(verdict)
    expect(parser.savedFiles().map(({ path }) => path)).toEqual(files)
  })

  test.each(names)('%s without its end has no definite one', (name) => {
    const lines = linesOf(name)
    const parser = createLogParser()
    let end = lines.length
    // The last lines of an error repeat it, do-file by do-file; what is cut off begins with the first.
    while (end > 0 && /^(?:r\(\d+\);|end of do-file|--Break--|\s*|\. )\r?$/.test(lines[end - 1] ?? '')) end -= 1
    for (const line of lines.slice(0, Math.floor(end / 2))) parser.push(line)
    const verdict = parser.verdict()
    expect(verdict.type === 'completed' ? verdict.open : verdict.type).not.toBe(0)
    expect(verdict.type).not.toBe('error')
  })
})

test.skipIf(!present)('every real log has been read', () => {
  expect(names.filter((name) => expectedOf(name) === undefined)).toEqual([])
  expect(names.length).toBeGreaterThanOrEqual(Object.keys(EXPECTED).length)
})
