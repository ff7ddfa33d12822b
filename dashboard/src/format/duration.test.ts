import { expect, test } from 'vitest'
import { formatClock, formatDuration, formatEstimate } from './duration.ts'

const S = 1_000
const MIN = 60 * S
const H = 60 * MIN

test.each([
  [0, '0.0 s'],
  [449, '0.4 s'],
  [9_999, '9.9 s'],
  [10 * S, '10 s'],
  [59_999, '59 s'],
  [MIN, '1 min 00 s'],
  [3 * MIN + 5 * S, '3 min 05 s'],
  [H - 1, '59 min 59 s'],
  [2 * H + 7 * MIN, '2 h 07 min'],
  [76 * H, '3 d 4 h'],
  [-5, '0.0 s'],
])('%d ms took %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [0, '0:00'],
  [7_999, '0:07'],
  [12 * MIN + 3 * S, '12:03'],
  [H + 2 * MIN + 3 * S, '1:02:03'],
  [-1, '0:00'],
])('%d ms on a clock is %s', (ms, text) => {
  expect(formatClock(ms)).toBe(text)
})

test.each([
  [0, 'a few seconds'],
  [11 * S, 'about 20 s'],
  [59 * S, 'about 60 s'],
  [12 * MIN + 10 * S, 'about 12 min'],
  [2 * H, 'about 2 h'],
  [2 * H + 9 * MIN, 'about 2 h 10 min'],
  [2 * H + 58 * MIN, 'about 3 h'],
  [50 * H, 'about 2 d'],
])('an estimate of %d ms is told as %s', (ms, text) => {
  expect(formatEstimate(ms)).toBe(text)
})
