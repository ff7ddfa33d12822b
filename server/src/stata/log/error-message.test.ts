import { describe, expect, test } from 'vitest'
import { failing, kinds, verdict, wrapped } from './scenario.ts'

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
