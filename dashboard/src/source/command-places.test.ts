import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OutlineEntry } from '../log/outline.ts'
import { NO_PLACES, placeCommands, sourceLineAt } from './command-places.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`command-places.test.ts: fast-check seed ${seed}`)

const echo = (number: number, text: string, lines = 1): OutlineEntry => ({ kind: 'command', number, lines, text })

const SOURCE = `* Wages
set obs 10

generate   x = _n
forvalues i = 1/3 {
    display "step"
}
summarize x
do other.do
summarize x
regress outcome treatment age education experience region, vce(cluster region)
`

const ECHOES = [
  echo(16, '. do wrapper.do'),
  echo(18, '. * Wages'),
  echo(19, '. set obs 10'),
  echo(22, '. generate x = _n'),
  echo(24, '. forvalues i = 1/3 {', 3),
  echo(31, '. summarize x'),
  echo(38, '. do other.do'),
  echo(40, '. use wage.dta'),
  echo(44, '. summarize x'),
  echo(51, '. regress outcome treatment age education exp', 2),
]

test.each([
  ['an echo', 19, 2],
  ['output', 20, 2],
  ['an echo with other blanks', 22, 4],
  ['the output of a loop', 28, 5],
  ['a command that stands twice, the first time', 33, 8],
  ['what another do-file put out', 42, 9],
  ['a command that stands twice, the second time', 44, 10],
  ['an echo that was broken at the end of its line', 52, 11],
])('the line of the do-file is found for %s', (_what, logLine, sourceLine) => {
  expect(sourceLineAt(placeCommands(SOURCE, ECHOES), logLine)).toBe(sourceLine)
})

test('what stands before the first command belongs to none', () => {
  expect(sourceLineAt(placeCommands(SOURCE, ECHOES), 17)).toBeNull()
  expect(sourceLineAt(placeCommands(SOURCE, []), 100)).toBeNull()
  expect(sourceLineAt(NO_PLACES, 100)).toBeNull()
})

test('a line of the do-file leads to its echo, a line of a loop to that of the loop, an empty one nowhere', () => {
  const { logLines } = placeCommands(SOURCE, ECHOES)
  const found = Array.from({ length: 12 }, (_, index) => logLines.get(index + 1))
  expect(found).toEqual([18, 19, undefined, 22, 24, 24, 24, 31, 38, 44, 51, undefined])
})

test('a short line that is not next is not taken for it', () => {
  const { logLines } = placeCommands('generate x = 1\nquietly log off\nclear\n', [
    echo(1, '. generate x = 1'),
    echo(3, '. clear'),
  ])
  expect(logLines.has(3)).toBe(false)
})

test('a short line behind a comment of several lines is next', () => {
  const { logLines } = placeCommands('/* one\ntwo\nthree */\nclear\n', [echo(1, '. /* one', 3), echo(5, '. clear')])
  expect(logLines.get(4)).toBe(5)
})

test('whatever else is echoed in between, each line that is echoed in order is found', () => {
  const property = fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 60 }), (foreign) => {
    const text = foreign.map((_, index) => `generate variable_${index} = 1`).join('\n')
    let line = 0
    const echoes = foreign.flatMap((count, index) => [
      ...Array.from({ length: count }, () => echo(++line, '. display "of another do-file"')),
      echo(++line, `. generate variable_${index} = 1`),
    ])
    const places = placeCommands(text, echoes)
    for (const [index] of foreign.entries()) {
      const logLine = places.logLines.get(index + 1)
      expect(echoes.find(({ number }) => number === logLine)?.text).toBe(`. generate variable_${index} = 1`)
      expect(sourceLineAt(places, logLine ?? 0)).toBe(index + 1)
    }
  })
  fc.assert(property, { seed })
})
