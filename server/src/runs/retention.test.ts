import { expect, test } from 'vitest'
import { expiredRuns } from './retention.ts'

const DAY_MS = 86_400_000
const NOW = 100 * DAY_MS
const KEEP_ALL = { keepRuns: null, keepDays: null, keepBytes: null }
const runs = [1, 2, 3, 4].map((day) => ({ id: `day-${day}-ago`, endedAt: NOW - day * DAY_MS, bytes: 100 }))

test('without limits everything is kept', () => {
  expect(expiredRuns(runs, KEEP_ALL, NOW)).toEqual([])
})

test('the newest runs are kept, in whatever order they come', () => {
  expect(expiredRuns(runs.toReversed(), { ...KEEP_ALL, keepRuns: 1 }, NOW)).toEqual([
    'day-2-ago',
    'day-3-ago',
    'day-4-ago',
  ])
  expect(expiredRuns(runs, { ...KEEP_ALL, keepRuns: 0 }, NOW)).toHaveLength(4)
})

test('runs older than the days given go', () => {
  expect(expiredRuns(runs, { ...KEEP_ALL, keepDays: 2.5 }, NOW)).toEqual(['day-3-ago', 'day-4-ago'])
})

test('logs fill the bytes given from the newest on, without gaps', () => {
  const [first, ...rest] = runs
  if (first === undefined) throw new Error('no runs')
  expect(expiredRuns(runs, { ...KEEP_ALL, keepBytes: 250 }, NOW)).toEqual(['day-3-ago', 'day-4-ago'])
  const big = [first, { id: 'big', endedAt: NOW - 1.5 * DAY_MS, bytes: 1_000 }, ...rest]
  expect(expiredRuns(big, { ...KEEP_ALL, keepBytes: 500 }, NOW)).toEqual(['big', 'day-2-ago', 'day-3-ago', 'day-4-ago'])
})

test('a run goes when any of the limits says so', () => {
  expect(expiredRuns(runs, { keepRuns: 3, keepDays: 10, keepBytes: 150 }, NOW)).toEqual([
    'day-2-ago',
    'day-3-ago',
    'day-4-ago',
  ])
})
