import type { LineKind } from '@tailgate/shared'
import { describe, expect, test } from 'vitest'
import { outlineDoFile } from './do-file-outline.ts'
import { createLogParser, type LogParser, type LogParserOptions } from './log-parser.ts'

function read(lines: readonly string[], options: LogParserOptions = {}): LogParser {
  const parser = createLogParser(options)
  for (const line of lines) parser.push(line)
  return parser
}

/** The kind of every line, revisions included; in the order of the lines. */
function kinds(lines: readonly string[]): LineKind[] {
  const parser = createLogParser()
  const found = lines.map((line) => parser.push(line))
  for (const { line, kind } of parser.takeRevisions()) found[line - 1] = kind
  return found
}

const verdict = (...lines: string[]) => read(lines).verdict()

/** What the wrapper and Stata put around a do-file. */
const wrapped = (...lines: string[]) => [
  '',
  '. cd `"/data/wage"\'',
  '/data/wage',
  '',
  '. do `"/data/wage/main.do"\' 2019',
  '',
  ...lines,
]

const failing = (rc: number) => [`r(${rc});`, '', 'end of do-file', `r(${rc});`, '', 'end of do-file', `r(${rc});`]

describe('the end of a log', () => {
  test('is completed when the outermost do-file ends', () => {
    expect(
      verdict(
        ...wrapped('. sysuse auto', '(1978 automobile data)', '', '. ', 'end of do-file', '', '. ', 'end of do-file'),
      ),
    ).toEqual({ type: 'completed', line: 14, open: 0 })
  })

  test('counts the do-files that are still open behind an end in the middle', () => {
    expect(verdict(...wrapped('. do sub.do', '', '. clear', '', '. ', 'end of do-file', ''))).toMatchObject({
      type: 'completed',
      open: 2,
    })
  })

  test('is an error of the innermost do-file, with its own message and command', () => {
    const log = wrapped(
      '. do sub.do',
      '',
      '. gen y = bad_var + 1',
      'bad_var not found',
      'r(111);',
      '',
      'end of do-file',
      ...failing(111),
    )
    expect(verdict(...log)).toEqual({
      type: 'error',
      rc: 111,
      message: 'bad_var not found',
      command: 'gen y = bad_var + 1',
      line: 9,
    })
  })

  test('joins a wrapped and a continued command', () => {
    const long = '. merge 1:1 household person using "/data/wage/the-directory-with-the-longest-n'
    expect(
      verdict(
        ...wrapped(long, '> ame/of-all.dta", keep(match) ///', '>     nogenerate', 'file not found', ...failing(601)),
      ),
    ).toMatchObject({
      command:
        'merge 1:1 household person using "/data/wage/the-directory-with-the-longest-name/of-all.dta", keep(match) nogenerate',
      line: 7,
    })
  })

  test('points at the loop, not at a line of its body', () => {
    const loop = ['. foreach v of varlist _all {', "  2.     gen z_`v' = `v' + 1", '  3. }', 'type mismatch']
    expect(verdict(...wrapped(...loop, ...failing(109)))).toMatchObject({
      command: 'foreach v of varlist _all {',
      line: 7,
      message: 'type mismatch',
    })
  })

  test('points at the command inside an if block, which echoes while it runs', () => {
    const block = [". if `year' == 2019 {", '.     use wages', '.     gen y = x', 'x not found', '. }']
    expect(verdict(...wrapped(...block, ...failing(111)))).toMatchObject({
      command: 'gen y = x',
      line: 9,
      message: 'x not found',
    })
  })

  test('has no message when a do-file gives a code of its own', () => {
    expect(verdict(...wrapped('. exit 12344', ...failing(12344)))).toEqual({
      type: 'error',
      rc: 12344,
      message: null,
      command: 'exit 12344',
      line: 7,
    })
  })

  test('takes several --Break-- lines for one message', () => {
    const log = [
      '. quietly {',
      'VALIDATION FAILED',
      '--Break--',
      '--Break--',
      'r(1);',
      '',
      'end of do-file',
      '--Break--',
      'r(1);',
    ]
    expect(verdict(...log)).toMatchObject({ type: 'error', rc: 1, message: '--Break--', command: 'quietly {' })
  })

  test('knows an error below a do-file that Stata could not find, where nothing ends', () => {
    expect(verdict('. do "no such.do" ', 'file no such.do not found', 'r(601);')).toMatchObject({
      rc: 601,
      command: 'do "no such.do"',
      message: 'file no such.do not found',
    })
  })

  test('keeps an error that the log of an interactive session goes on after', () => {
    const log = [
      'Stata',
      '',
      '. do main.do',
      '',
      '. use nothing',
      'file nothing.dta not found',
      'r(601);',
      '',
      'end of do-file',
      '',
      'r(601);',
      '',
      '. ',
      '. log close',
      '      name:  <unnamed>',
      ' closed on:  1 Jan 2026, 12:00:00',
    ]
    expect(verdict(...log)).toMatchObject({ type: 'error', rc: 601, command: 'use nothing' })
  })

  test('reads the time that "set rmsg on" adds', () => {
    expect(
      verdict(
        '. use x',
        'file x.dta not found',
        'r(601); t=0.00 12:34:56',
        '',
        'end of do-file',
        'r(601); t=0.01 12:34:56',
      ),
    ).toMatchObject({ type: 'error', rc: 601 })
  })

  test('forgets an error that the do-file captured', () => {
    const log = wrapped(
      '. capture noisily do sub.do',
      '',
      '. use x',
      'file x.dta not found',
      'r(601);',
      '',
      'end of do-file',
      'r(601);',
      '',
      '. display _rc',
      '601',
      '',
      '. ',
      'end of do-file',
      '',
      'end of do-file',
    )
    expect(verdict(...log)).toMatchObject({ type: 'completed', open: 0 })
  })

  test('is not fooled by a captured error without a code', () => {
    expect(
      verdict(...wrapped('. capture noisily use x', 'file x.dta not found', '', '. ', 'end of do-file')),
    ).toMatchObject({ type: 'completed' })
  })

  test.each(['r(111);', 'end of do-file'])('is not fooled by a displayed %j', (text) => {
    expect(verdict(...wrapped(`. display "${text}"`, text))).toMatchObject({
      type: 'no-end-marker',
      command: `display "${text}"`,
    })
  })

  test('is completed after a displayed code', () => {
    expect(
      verdict(
        ...wrapped(
          '. forvalues i = 1/2 {',
          '  2. di "r(111);"',
          '  3. }',
          'r(111);',
          'r(111);',
          '',
          '. ',
          'end of do-file',
        ),
      ),
    ).toMatchObject({ type: 'completed' })
  })

  test.each([
    ['exit', 0],
    ['exit, clear', 0],
    ['exit, STATA clear', 0],
    ['exit 9, STATA', 9],
    ['if _N == 0 exit, STATA clear', 0],
    ["exit `rc', STATA", 0],
  ])('%j as the last echo is an exit with code %d', (command, code) => {
    expect(verdict(...wrapped('. sysuse auto', '', `. ${command}`, ''))).toEqual({
      type: 'exited',
      command,
      line: 9,
      code,
    })
  })

  test('is completed when a user closes the log', () => {
    expect(verdict('      name:  a', '', '. sum x', '', '. log close a')).toMatchObject({ type: 'completed', line: 5 })
    expect(
      verdict(
        '. sum x',
        '',
        '. capture log close',
        '      name:  <unnamed>',
        '  log type:  text',
        ' closed on:  1 Jan 2026',
      ),
    ).toMatchObject({ type: 'completed' })
  })

  test('is missing when the log stops in the middle, with the last command', () => {
    expect(verdict(...wrapped('. bootstrap, reps(50): reg y x', '(running regress on estimation sample)'))).toEqual({
      type: 'no-end-marker',
      command: 'bootstrap, reps(50): reg y x',
      line: 7,
    })
  })

  test('is missing when output follows it', () => {
    expect(verdict(...wrapped('. main', '', '. clear', '', 'end of do-file', 'working on it'))).toMatchObject({
      type: 'no-end-marker',
    })
  })

  test('is empty without a line, or with blank ones only', () => {
    expect(verdict()).toEqual({ type: 'empty' })
    expect(verdict('', '   ', '')).toEqual({ type: 'empty' })
  })

  test('reads CRLF, terminal escapes and a byte order mark', () => {
    const log = [
      '\ufeff\u001b[?1034h',
      '. gen \u001b[1my\u001b[0m = x\r',
      'x not found\r',
      'r(111);\r',
      '\r',
      'end of do-file\r',
      'r(111);\r',
    ]
    expect(verdict(...log)).toEqual({ type: 'error', rc: 111, message: 'x not found', command: 'gen y = x', line: 2 })
  })
})

describe('the message of an error', () => {
  const message = (rc: number, ...lines: string[]) => {
    const end = verdict(...wrapped('. some command', ...lines, ...failing(rc)))
    return end.type === 'error' ? end.message : end.type
  }

  test.each([
    ['an assertion with its count', 9, ['2 contradictions in 10 observations', 'assertion is false']],
    ['a wrapped sentence', 601, ['file /data/a-directory/with-a-very-long-name.dta not', '    found']],
    ['an explanation with the class of the error below', 198, ['option foo() incorrectly specified', 'invalid syntax']],
    [
      'an indented explanation',
      2000,
      [
        'outcome does not vary; remember:',
        '    0 = negative outcome,',
        '    all other nonmissing values = positive outcome',
      ],
    ],
    [
      'a Mata traceback',
      3200,
      ['      foo():  3200  conformability error', '    <istmt>:     -  function returned error'],
    ],
  ])('keeps %s', (_, rc, lines) => {
    expect(message(rc, ...lines)).toBe(lines.map((line) => line.trim()).join('\n'))
  })

  test.each([
    [
      'notes',
      603,
      ['(note: file out.csv not found)', 'file out.csv could not be opened'],
      'file out.csv could not be opened',
    ],
    ['iterations', 430, ['Iteration 1:  Log likelihood = -10', 'convergence not achieved'], 'convergence not achieved'],
    ['tables', 498, ['     x |   1   2', '-------+--------', 'the model is wrong'], 'the model is wrong'],
    [
      'replications',
      2000,
      [
        'Bootstrap replications (50)',
        '----+--- 1 ---+--- 2 ---+--- 3 ---+--- 4 ---+--- 5 ',
        'xxxxxxxxxx',
        'insufficient observations to compute bootstrap standard errors',
        'no results will be saved',
      ],
      'insufficient observations to compute bootstrap standard errors\nno results will be saved',
    ],
    [
      'what a program displayed',
      111,
      ['Step 1: read', 'Step 2: check', 'variable wage not found'],
      'variable wage not found',
    ],
    [
      'the dots that it was glued to',
      504,
      ['.......estimates post: matrix has missing values'],
      'estimates post: matrix has missing values',
    ],
    [
      'the lines that Mata adds',
      3499,
      [
        '                 <istmt>:  3499  y not found',
        '(0 lines skipped)',
        '-------------------------------------------',
      ],
      '<istmt>:  3499  y not found',
    ],
    [
      'a trace',
      111,
      ['  - confirm variable wage', 'variable wage not found', '  --------------------------- end check ---'],
      'variable wage not found',
    ],
  ])('leaves out %s', (_, rc, lines, expected) => {
    expect(message(rc, ...lines)).toBe(expected)
  })

  test('is none when only output comes before the code', () => {
    expect(message(17999, '    ------- | -----', '       6.34 |  2.09 | double1')).toBeNull()
  })

  test('is only the last sentence when pages of text come before it', () => {
    expect(message(498, ...Array.from({ length: 40 }, (_, i) => `text ${i}`), 'the end of it')).toBe('the end of it')
  })

  test('marks its lines as errors once the code is read', () => {
    expect(kinds(['. gen y = x', 'some output', 'x not found', 'r(111);', '', 'end of do-file', 'r(111);'])).toEqual([
      'command',
      'output',
      'error',
      'error',
      'output',
      'output',
      'error',
    ])
  })
})

describe('echoes and output', () => {
  test('tells the parts of a program, a loop and a comment', () => {
    const log = [
      ['. * a comment', 'command'],
      ['. ', 'command'],
      ['. program define hello', 'command'],
      ['  1.     args who', 'continuation'],
      ['  2. ', 'continuation'],
      ['.     * greet', 'continuation'],
      ['.     if 1 {', 'continuation'],
      ['  3.         display "`who\'"', 'continuation'],
      ['  4.     }', 'continuation'],
      ['  5. end', 'continuation'],
      ['', 'output'],
      ['. forvalues i = 1/2 {', 'command'],
      ["  2.     hello `i'", 'continuation'],
      ['  3. ', 'continuation'],
      ['. }', 'continuation'],
      ['. 1', 'output'],
      ['  4. }', 'output'],
      ['', 'output'],
      ['. list', 'command'],
      ['', 'output'],
      ['     +-------+', 'output'],
      ['  1. | 3   4 |', 'output'],
      ['', 'output'],
      ['> quoted', 'output'],
      ['', 'output'],
      ['. display "a" _n _n ". b"', 'command'],
      ['a', 'output'],
      ['', 'output'],
    ] as const
    expect(kinds(log.map(([line]) => line))).toEqual(log.map(([, kind]) => kind))
  })

  test('does not take what display prints for a command', () => {
    expect(kinds(['. display ". foo"', '. foo', '', '. display _n ". bar"', '', '. bar'])).toEqual([
      'command',
      'output',
      'output',
      'command',
      'output',
      'output',
    ])
  })

  test('does not take missing values for empty prompts', () => {
    expect(kinds(['. ', '. di .', '.', '', '. forvalues i = 1/2 {', '  2. di .', '  3. }', '.', '.'])).toEqual([
      'command',
      'command',
      'output',
      'output',
      'command',
      'continuation',
      'continuation',
      'output',
      'output',
    ])
  })

  test('takes > for a continuation only below an echo that goes on', () => {
    expect(
      kinds(['. display "> x"', '> x', '', '. reg y x ///', '>     z', '> w', '', '. /* a', '>    b', '> */']),
    ).toEqual([
      'command',
      'output',
      'output',
      'command',
      'continuation',
      'output',
      'output',
      'command',
      'continuation',
      'continuation',
    ])
  })

  test('follows #delimit, line size and East Asian wraps', () => {
    expect(
      kinds([
        '. #delimit ;',
        'delimiter now ;',
        '. reg y',
        '>   x',
        '>   ;',
        '',
        '. #delimit cr',
        'delimiter now cr',
        '. reg y',
        '> x',
      ]),
    ).toEqual([
      'command',
      'output',
      'command',
      'continuation',
      'continuation',
      'output',
      'command',
      'output',
      'command',
      'output',
    ])
    const narrow = `. display "${'x'.repeat(40)}`
    expect(kinds(['. set linesize 50', '', narrow, '> y"'])).toEqual(['command', 'output', 'command', 'continuation'])
    expect(kinds([`. label variable x "${'漢字'.repeat(15)}`, '> 漢字"'])).toEqual(['command', 'continuation'])
  })

  test('reads input, Mata and Python blocks', () => {
    expect(kinds(['. input x y', '', '             x          y', '  1. 1 2', '  2. end', '', '. sum'])).toEqual([
      'command',
      'output',
      'output',
      'continuation',
      'continuation',
      'output',
      'command',
    ])
    const rule = '------------------------------------------------- mata (type end to exit) -----'
    expect(kinds(['. mata:', rule, ': x = 1', '', ': void f()', '> {', '> }', '', ': end', rule])).toEqual([
      'command',
      'output',
      'command',
      'output',
      'command',
      'continuation',
      'continuation',
      'output',
      'command',
      'output',
    ])
    expect(
      kinds([
        '. python:',
        rule.replace('mata', 'python'),
        '>>> print(1)',
        '1',
        '>>> if True:',
        '...     pass',
        '... ',
        '>>> end',
        '----',
        '',
        '. ',
      ]),
    ).toEqual([
      'command',
      'output',
      'command',
      'output',
      'command',
      'continuation',
      'continuation',
      'command',
      'output',
      'output',
      'command',
    ])
  })

  test('points at the statement of a Mata block that failed', () => {
    const rule = '------------------------------------------------- mata (type end to exit) -----'
    expect(
      verdict(
        '. mata:',
        rule,
        ': x = 1',
        '',
        ': y',
        '                 <istmt>:  3499  y not found',
        '(1 line skipped)',
        rule.replaceAll(/[a-z() ]/g, '-'),
        'r(3499);',
        '',
        'end of do-file',
        'r(3499);',
      ),
    ).toEqual({ type: 'error', rc: 3499, message: '<istmt>:  3499  y not found', command: 'y', line: 5 })
  })

  test('goes on in the outer block when a do-file inside it ends', () => {
    expect(
      kinds([
        '. capture noisily {',
        '.     do "a.do"',
        '',
        '. display 1',
        '1',
        '',
        '. ',
        'end of do-file',
        '. }',
        '',
        '. sum',
      ]),
    ).toEqual([
      'command',
      'command',
      'output',
      'command',
      'output',
      'output',
      'command',
      'output',
      'command',
      'output',
      'command',
    ])
  })

  test('calls the pieces of a cut line by what the first piece was', () => {
    const parser = createLogParser()
    expect([
      parser.push('. display "x', true),
      parser.push('. y', true),
      parser.push('r(1);'),
      parser.push(''),
    ]).toEqual(['command', 'continuation', 'continuation', 'output'])
    expect([parser.push('a long line', true), parser.push('end of do-file')]).toEqual(['output', 'output'])
    expect(parser.verdict()).toMatchObject({ type: 'no-end-marker' })
  })

  test('knows the depth of the do-file that a command stands in', () => {
    const parser = read(wrapped('. do sub.do', '', '. clear'))
    expect(parser.command).toEqual({ text: 'clear', line: 9, depth: 3 })
  })
})

describe('progress', () => {
  const source = outlineDoFile(
    ['use wages', 'foreach v in a b {', '  gen z = 1', '}', 'do sub.do', '', 'reg y x ///', '  z', 'clear'].join('\n'),
  )
  const at = (...lines: string[]) => read(wrapped(...lines), { source }).progress().statement

  test('is null before the do-file begins', () => {
    expect(at()).toBeNull()
  })

  test('follows the statements of the user, not the wrapper, loops or nested do-files', () => {
    expect(at('. use wages')).toEqual({ current: 1, total: 5, text: 'use wages', logLine: 7, sourceLine: 1 })
    const loop = ['. use wages', '', '. foreach v in a b {', '  2.   gen z = 1', '  3. }', '']
    expect(at(...loop)).toMatchObject({ current: 2, sourceLine: 2, logLine: 9 })
    const nested = [...loop, '. do sub.do', '', '. clear', '', '. reg y x ///', '>   z', '']
    expect(at(...nested)).toMatchObject({ current: 3, text: 'do sub.do' })
    expect(at(...nested, 'end of do-file', '', '. reg y x ///')).toMatchObject({
      current: 4,
      text: 'reg y x',
      sourceLine: 7,
    })
    expect(at(...nested, 'end of do-file', '', '. clear')).toMatchObject({ current: 3 })
  })

  test('skips statements that are not echoed, and passes over echoes that are no statements', () => {
    expect(at('. something else', '', '. do sub.do')).toMatchObject({ current: 3 })
  })

  test('is not led astray by do-files that a loop does', () => {
    const outline = outlineDoFile('forvalues i = 1/2 {\n  do sub.do\n}\nsummarize price\nregress price mpg weight\n')
    const loop = [
      '. forvalues i = 1/2 {',
      '  2.   do sub.do',
      '  3. }',
      '',
      '. regress price mpg weight',
      '',
      'end of do-file',
      '',
    ]
    const parser = read(wrapped(...loop), { source: outline })
    expect(parser.progress().statement).toMatchObject({ current: 1 })
    for (const line of ['. regress price mpg weight', '', 'end of do-file', '', '. summarize price']) parser.push(line)
    expect(parser.progress().statement).toMatchObject({ current: 2 })
  })

  test('counts replications of the command that runs, and an unfinished line', () => {
    const parser = read(
      wrapped(
        '. bootstrap, reps(120): reg y x',
        '(running regress on estimation sample)',
        '',
        'Bootstrap replications (120)',
        '----+--- 1 ---+--- 2 ---+--- 3 ---+--- 4 ---+--- 5 ',
        `${'.'.repeat(48)}xx    50`,
      ),
    )
    expect(parser.progress().replications).toEqual({ done: 50, total: 120, failed: 2 })
    expect(parser.partialProgress('....x').replications).toEqual({ done: 55, total: 120, failed: 3 })
    expect(parser.progress().replications).toMatchObject({ done: 50 })
    const before = parser.revision
    for (const line of ['', '. clear']) parser.push(line)
    expect(parser.progress().replications).toBeNull()
    expect(parser.revision).toBeGreaterThan(before)
  })

  test('tells the last iteration', () => {
    expect(
      read([
        '. logit y x',
        '',
        'Iteration 0:   log likelihood = -45.03321  ',
        'Iteration 1:  Log likelihood = -27.914626 (not concave)',
      ]).progress().iteration,
    ).toEqual({ number: 1, label: 'Log likelihood', value: -27.914626 })
  })
})
