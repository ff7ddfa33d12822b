import { describe, expect, test } from 'vitest'
import { outlineDoFile } from './do-file-outline.ts'
import { read, wrapped } from './scenario.ts'

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
