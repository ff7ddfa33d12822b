import { expect, test } from 'vitest'
import { countOf, formatBytes, formatCount } from './quantity.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 KB'],
  [1_449, '1.4 KB'],
  [9_940, '9.9 KB'],
  [9_960, '10 KB'],
  [999_499, '999 KB'],
  [999_600, '1.0 MB'],
  [23_400_000, '23 MB'],
  [5_000_000_000_000_000, '5000 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('counts have their thousands apart, and the right noun', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect([0, 1, 2_000].map((count) => countOf(count, 'line'))).toEqual(['0 lines', '1 line', '2,000 lines'])
  expect(countOf(2, 'match', 'matches')).toBe('2 matches')
})
