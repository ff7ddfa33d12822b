import { expect, test } from 'vitest'
import { locateCommand } from './locate-command.ts'

const SOURCE = [
  'set obs 10',
  'generate x = _n',
  '  summarize x',
  'regress outcome treatment age education experience region, vce(cluster region) nolog level(99)',
  'summarize x',
  'forvalues i = 1/3 {',
  '    display "step"',
  '}',
]

test.each([
  ['a command', '. generate x = _n', 10, 2],
  ['blanks that differ', '.    generate   x = _n', 10, 2],
  ['a line of a loop', '  2.     display "step"', 80, 7],
  [
    'an echo that was broken at the line size',
    '. regress outcome treatment age education experience region, vce(clu',
    40,
    4,
  ],
])('%s is found', (_what, text, line, expected) => {
  expect(locateCommand({ text, line }, 100, SOURCE)).toBe(expected)
})

test('a command that stands twice is the one at a like place', () => {
  expect(locateCommand({ text: '. summarize x', line: 20 }, 100, SOURCE)).toBe(3)
  expect(locateCommand({ text: '. summarize x', line: 70 }, 100, SOURCE)).toBe(5)
})

test.each([
  ['a command of another file', '. use wage.dta'],
  ['the beginning of a short command', '. generate'],
  ['an empty echo', '. '],
  ['a closing brace', '. }'],
])('%s is not taken for anything', (_what, text) => {
  expect(locateCommand({ text, line: 10 }, 100, SOURCE)).toBeNull()
})
