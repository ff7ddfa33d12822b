import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineMatcher } from './line-matcher.ts'

test.each([false, true])('long and short texts are found alike (in any case: %s)', (ignoreCase) => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'é', 'É', '.'), minLength: 33, maxLength: 40 })
  fc.assert(
    fc.property(letters, letters, letters, (before, query, after) => {
      const matcher = createLineMatcher(query, ignoreCase)
      for (const text of [before + query + after, before + query.toUpperCase() + after, before + after]) {
        const at = ignoreCase ? text.search(new RegExp(query.replaceAll('.', '[.]'), 'i')) : text.indexOf(query)
        expect(matcher.indexIn(text)).toBe(at)
        // In bytes there may be more hits, never fewer.
        if (at !== -1) expect(matcher.firstHit(Buffer.from(text))).not.toBe(-1)
      }
    }),
    { numRuns: 500 },
  )
})

test('a long text without a letter of ASCII may be anywhere', () => {
  const query = 'é'.repeat(40)
  expect(createLineMatcher(query, true).firstHit(Buffer.from(query.toUpperCase()))).toBe(0)
})
