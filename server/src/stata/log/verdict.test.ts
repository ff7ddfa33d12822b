import { describe, expect, test } from 'vitest'
import { failing, verdict, wrapped } from './scenario.ts'

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

  test('stays the same while the rest of the block is echoed that it stopped', () => {
    const block = [
      '. if 1 {',
      '.     check, strict',
      'No results found',
      'Run estimate first',
      'r(119);',
      '. ',
      '.     display "done"',
      '. }',
    ]
    const failed = {
      type: 'error',
      rc: 119,
      message: 'No results found\nRun estimate first',
      command: 'check, strict',
      line: 8,
    }
    expect(verdict(...wrapped(...block, '', 'end of do-file', 'r(119);', '', 'end of do-file', 'r(119);'))).toEqual(
      failed,
    )
    const captured = wrapped(
      ...block.with(0, '. capture noisily {'),
      '',
      '. if _rc {',
      '.     display "failed"',
      'failed',
      '. }',
      '',
    )
    expect(verdict(...captured)).toMatchObject({ type: 'no-end-marker' })
    expect(verdict(...captured, '. ', 'end of do-file', '', 'end of do-file')).toMatchObject({
      type: 'completed',
      open: 0,
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
    ['ex, STATA', 0],
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
