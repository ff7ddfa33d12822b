import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatCursor, parseCursor, startCursor } from './cursor.ts'

const cursors = fc.record({
  runId: fc.stringMatching(/^[0-9A-Z]{26}$/),
  generation: fc.nat(999_999_999),
  offset: fc.nat({ max: 999_999_999_999_999 }),
  ended: fc.boolean(),
})

test('what is written is read back', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(parseCursor(formatCursor(cursor))).toEqual({ ok: true, value: cursor })
    }),
  )
})

test('a cursor is a legal event id: no NUL, CR or LF, and never empty', () => {
  fc.assert(
    fc.property(cursors, (cursor) => {
      const text = formatCursor(cursor)
      expect(text.length).toBeGreaterThan(0)
      expect([...text].some((character) => '\0\r\n'.includes(character))).toBe(false)
    }),
  )
})

test('whatever text comes back, it is a cursor or a refusal, never a throw', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = parseCursor(text)
      if (parsed.ok) expect(formatCursor(parsed.value)).toMatch(/^[0-9A-Za-z_-]+:\d+:\d+(:end)?$/)
      else expect(parsed.error).toContain('not a cursor')
    }),
  )
})

test.each([
  '',
  'x',
  'run:0',
  'run:0:-1',
  'run:0:1:END',
  'run:0:1.5',
  'run:0:1\n',
  '../x:0:1',
  'run:0:9999999999999999',
])('%j is refused', (text) => {
  expect(parseCursor(text).ok).toBe(false)
})

test('a run begins at byte 0 of generation 0', () => {
  expect(formatCursor(startCursor('R'))).toBe('R:0:0')
})
