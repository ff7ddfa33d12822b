import { expect, test } from 'vitest'
import { describeRates, lineRates, logGrowth } from './line-rates.ts'

const samples = [
  { elapsedMs: 2_000, lines: 10 },
  { elapsedMs: 4_000, lines: 50 },
  { elapsedMs: 8_000, lines: 50 },
]

test('a rate is what came since the sample before, per second', () => {
  expect(lineRates({ samples })).toEqual({ seconds: [2, 4, 8], values: [5, 20, 0] })
})

test('a log that began anew had all its lines come since then', () => {
  expect(lineRates({ samples: [...samples, { elapsedMs: 10_000, lines: 6 }] }).values.at(-1)).toBe(3)
})

test('two samples of the same moment are one', () => {
  expect(lineRates({ samples: [...samples, { elapsedMs: 8_000, lines: 60 }] }).seconds).toEqual([2, 4, 8])
})

test('growth begins with nothing', () => {
  expect(logGrowth({ samples })).toEqual({ seconds: [0, 2, 4, 8], values: [0, 10, 50, 50] })
})

test('the plot is told in words as well', () => {
  expect(describeRates(lineRates({ samples }), 50)).toBe('Up to 20 lines per second, 6.3 on average.')
  expect(describeRates({ seconds: [], values: [] }, 0)).toBe('Up to 0 lines per second, 0 on average.')
})
