import { formatCursor, parseCursor } from '@tailgate/shared'
import fc from 'fast-check'
import { decodeTime } from 'ulid'
import { expect, test } from 'vitest'
import { createRunIds } from './run-id.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`run-id.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

const NOW = Date.UTC(2025, 0, 1)

test('ids sort in the order they were made, even when the clock stands still or is set back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -10_000, max: 10_000 }), { minLength: 2 }), (offsets) => {
      const clock = offsets.map((offset) => NOW + offset)
      const newId = createRunIds(() => clock.shift() ?? NOW, null)
      const ids = offsets.map(() => newId())
      expect(ids).toEqual(ids.toSorted())
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test('ids come after those of an earlier gateway, even when the clock was set back in between', () => {
  const earlier = createRunIds(() => NOW, null)()
  const later = createRunIds(() => NOW - 86_400_000, earlier)()
  expect([later, earlier].toSorted()).toEqual([earlier, later])
})

test('an id tells when it was made, to the millisecond', () => {
  const newId = createRunIds(() => NOW, null)
  expect([decodeTime(newId()), decodeTime(newId())]).toEqual([NOW, NOW + 1])
})

test('an id fits into a cursor and a path', () => {
  const runId = createRunIds(() => NOW, null)()
  expect(runId).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  const cursor = { runId, generation: 0, offset: 5, ended: false }
  expect(parseCursor(formatCursor(cursor))).toEqual({ ok: true, value: cursor })
})

test('two gateways with the same clock make different ids, so that none can be guessed from another', () => {
  const ids = Array.from({ length: 1_000 }, () => createRunIds(() => NOW, null)())
  expect(new Set(ids.map((id) => id.slice(10))).size).toBe(1_000)
})
