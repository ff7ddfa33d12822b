import { expect, test } from 'vitest'
import { announcement } from './log-announcement.ts'

test('a few new lines are read out, without empty ones and not for ever', () => {
  expect(announcement(2, ['. summarize wage', ''])).toBe('. summarize wage')
  expect(announcement(1, ['x'.repeat(5_000)])).toHaveLength(200)
})

test('of a flood only the number is told', () => {
  expect(announcement(15_000, ['a', 'b', 'c'])).toBe('15,000 new lines')
})

test('nothing new is nothing to say', () => {
  expect(announcement(0, [])).toBe('')
})
