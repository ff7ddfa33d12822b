import { describe, expect, test } from 'vitest'
import { createLogParser } from './log-parser.ts'
import { kinds, read, verdict, wrapped } from './scenario.ts'

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

  test('puts together what was wrapped anywhere', () => {
    const log = [
      '. tte_protocol, eligibility("Eligible at the start of the period (= 1); no outcome")',
      '>  ///',
      '>     followup_start("Start of the period when the eligibility criteria are met") /',
      '> //',
      '>     outcome("dead") b(weight) and something to fill the line so that it wraps here, "',
      '>  c"',
    ]
    expect(kinds(log)).toEqual(['command', ...Array.from({ length: 5 }, () => 'continuation')])
    expect(read(log).command?.text).toBe(
      'tte_protocol, eligibility("Eligible at the start of the period (= 1); no outcome") followup_start("Start of the period when the eligibility criteria are met") outcome("dead") b(weight) and something to fill the line so that it wraps here, " c"',
    )
  })

  test('finds the command below a comment that it goes on from', () => {
    const parser = read(['. #delimit ;', 'delimiter now ;', '. // keep only these', '> use', '>    id', '>    ;'])
    expect(parser.command).toMatchObject({ text: 'use id ;', line: 4 })
    expect(read(['. /* why', '>    so */ clear']).command).toMatchObject({ text: 'clear', line: 2 })
    expect(
      read(['. * a rule -------------------------------------------------------------------', '> ---']).command,
    ).toBeNull()
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
