import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markMatches, matchPattern } from './mark-matches.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`mark-matches.test.ts: fast-check seed ${seed}`)

test('the parts are together the line, and the matches are what was searched for', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '(', '\\', '$') })
  const property = fc.property(letters, letters, (line, wanted) => {
    fc.pre(wanted !== '')
    const parts = markMatches(line, matchPattern(wanted, false))
    expect(parts.map(({ text }) => text).join('')).toBe(line)
    expect(parts.some(({ isMatch }) => isMatch)).toBe(line.includes(wanted))
    for (const { text, isMatch } of parts) expect(isMatch).toBe(text === wanted || (isMatch && text.includes(wanted)))
  })
  fc.assert(property, { seed })
})

test('upper and lower case are told apart only when they shall be', () => {
  const marked = (ignoreCase: boolean) =>
    markMatches('R(111); r(111);', matchPattern('r(111)', ignoreCase)).filter(({ isMatch }) => isMatch).length
  expect(marked(true)).toBe(2)
  expect(marked(false)).toBe(1)
})

test('a line full of matches does not make thousands of elements', () => {
  expect(markMatches('a'.repeat(4_000), matchPattern('a', false)).length).toBeLessThan(500)
})
