import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FindState, find, grown, isCounted, matchCount, matchNumber, NO_FIND, nextCount } from './find.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`find.test.ts: fast-check seed ${seed}`)

const query = { text: 'x', ignoreCase: true }

/** Answers the next count as the gateway does: from a line to a line, no more than `most` lines at once. */
function count(state: FindState, matches: readonly number[], total: number, most: number): FindState {
  const next = nextCount(state)
  if (next === null) return state
  const { part, from, to = total } = next
  const scannedTo = Math.max(from - 1, Math.min(to, from + most - 1))
  const found = matches.filter((line) => line >= from && line <= scannedTo).length
  const before = state[part].matches
  return find(state, { type: 'counted', part, count: { matches: before + found, scannedTo, done: scannedTo >= to } })
}

test('however far the counting has come, the number of the match is right or not told yet', () => {
  const property = fc.property(
    fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 30 }),
    fc.nat(),
    fc.array(fc.constantFrom('next', 'previous', 'count'), { maxLength: 60 }),
    fc.integer({ min: 20, max: 400 }),
    (lines, place, steps, most) => {
      const matches = lines.toSorted((one, other) => one - other)
      let at = place % matches.length
      let state = find(NO_FIND, { type: 'ask', query })
      state = find(state, { type: 'first', line: matches[at] ?? null, total: 300 })
      for (const step of steps) {
        if (step === 'count') {
          state = count(state, matches, 300, most)
        } else {
          const by = step === 'next' ? 1 : -1
          const wrapped = by === 1 ? at === matches.length - 1 : at === 0
          at = (at + by + matches.length) % matches.length
          state = find(state, { type: 'step', line: matches[at] ?? 0, by, wrapped })
        }
        const number = matchNumber(state)
        if (number !== null) expect(number).toBe(at + 1)
        expect(matchCount(state)).toBeLessThanOrEqual(matches.length)
      }
      for (let turn = 0; turn < 40; turn += 1) state = count(state, matches, 300, most)
      expect(isCounted(state)).toBe(true)
      expect(matchCount(state)).toBe(matches.length)
      expect(matchNumber(state)).toBe(at + 1)
    },
  )
  fc.assert(property, { seed })
})

describe('in a log that grows', () => {
  test('counting goes on where it had ended', () => {
    let state = find(find(NO_FIND, { type: 'ask', query }), { type: 'first', line: 1, total: 10 })
    state = count(state, [1, 5], 10, 100)
    expect(matchCount(state)).toBe(2)
    expect(grown(state, 10)).toBe(state)
    state = count(grown(state, 20), [1, 5, 15], 20, 100)
    expect(matchCount(state)).toBe(3)
    expect(matchNumber(state)).toBe(1)
  })

  test('what was nowhere is looked for again once there is more', () => {
    const none = find(find(NO_FIND, { type: 'ask', query }), { type: 'first', line: null, total: 10 })
    expect(none.status).toBe('none')
    expect(grown(none, 10)).toBe(none)
    expect(grown(none, 11).status).toBe('searching')
  })
})

test('an empty question is no search', () => {
  const found = find(find(NO_FIND, { type: 'ask', query }), { type: 'first', line: 3, total: 10 })
  expect(find(found, { type: 'ask', query: null })).toBe(NO_FIND)
  expect(nextCount(NO_FIND)).toBeNull()
})
