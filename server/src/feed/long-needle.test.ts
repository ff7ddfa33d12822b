import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codesOf, foldCase, LongNeedle } from './long-needle.ts'

function find(needle: string, text: string, ignoreCase = false): number {
  return new LongNeedle(codesOf(needle, ignoreCase)).indexIn(codesOf(text, ignoreCase))
}

const repetitive = (unit: string, size: { minLength: number; maxLength: number }) =>
  fc.string({ ...size, unit: fc.constantFrom(...unit) })

describe('a long needle', () => {
  test('is found where the engine finds it', () => {
    fc.assert(
      fc.property(
        repetitive('ab', { minLength: 1, maxLength: 12 }),
        repetitive('ab', { minLength: 0, maxLength: 200 }),
        (needle, text) => {
          expect(find(needle, text)).toBe(text.indexOf(needle))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('is found in any case where a regular expression finds it', () => {
    const letters = 'aAkKsSßẞſéÉİıΣσς\u212a'
    fc.assert(
      fc.property(
        repetitive(letters, { minLength: 1, maxLength: 3 }),
        repetitive(letters, { minLength: 0, maxLength: 200 }),
        (needle, text) => {
          expect(find(needle, text, true)).toBe(text.search(new RegExp(needle, 'i')))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('each code of the text is looked at once, even of one that nearly matches everywhere', () => {
    const needle = `${'a'.repeat(500)}b${'a'.repeat(500)}`
    let asked = 0
    const text = new Proxy<ArrayLike<number>>(
      { length: 100_000 },
      {
        get(target, key) {
          if (key === 'length') return target.length
          asked += 1
          return 'a'.charCodeAt(0)
        },
      },
    )
    const found = new LongNeedle(codesOf(needle, false)).indexIn(text)
    expect([found, asked]).toEqual([-1, 100_000])
  })
})

test('folding is what the i flag does, for every code', () => {
  const differing: string[] = []
  for (let code = 0; code <= 0xffff; code += 1) {
    const letter = String.fromCharCode(code)
    for (const other of [letter.toUpperCase(), letter.toLowerCase()]) {
      if (other.length !== 1 || /[\\^$.*+?()[\]{}|]/.test(other)) continue
      const isSame = foldCase(code) === foldCase(other.charCodeAt(0))
      if (isSame !== new RegExp(other, 'i').test(letter)) differing.push(`${code.toString(16)} ${other}`)
    }
  }
  expect(differing).toEqual([])
})
