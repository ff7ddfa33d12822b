import { expect, test } from 'vitest'
import { formatMoment } from './moment.ts'

// Without a zone: told and read in the zone of whoever runs the test.
const NOW = new Date('2026-06-17T15:30:00').getTime()

test.each([
  ['2026-06-17T15:29:30', 'just now'],
  ['2026-06-17T15:25:00', '5 min ago'],
  ['2026-06-17T09:05:00', '09:05'],
  ['2026-06-15T23:05:00', 'Mon 23:05'],
  ['2026-03-03T14:05:00', '3 Mar 14:05'],
  ['2024-03-03T14:05:00', '3 Mar 2024'],
  ['2026-06-17T15:31:00', 'just now'],
])('%s is told as %s', (iso, text) => {
  expect(formatMoment(iso, NOW)).toBe(text)
})
