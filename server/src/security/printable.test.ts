import fc from 'fast-check'
import { expect, test } from 'vitest'
import { printableJson, quoted } from './printable.ts'

test.each([
  ['a line end', 'a\r\nb', '"a\\r\\nb"'],
  ['an escape sequence', '\u001b[31m', '"\\u001b[31m"'],
  ['an 8-bit escape sequence', '\u009b31m', '"\\u009b31m"'],
  ['a line separator', '\u2028', '"\\u2028"'],
  ['text that reorders', 'exe.\u202eod', '"exe.\\u202eod"'],
  ['text that hides', 'a\u200bb\ufeff', '"a\\u200bb\\ufeff"'],
  ['half a surrogate pair', '\ud800', '"\\ud800"'],
  ['quotes', '"}\\', '"\\"}\\\\"'],
  ['ordinary letters of any script', 'étude 数据 🎉', '"étude 数据 🎉"'],
])('%s is shown as text', (_, text, shown) => {
  expect(quoted(text)).toBe(shown)
})

test('a long text is cut, wherever it is in a value', () => {
  expect(quoted('abcdef', 3)).toBe('"abc…"')
  expect(printableJson({ a: ['abcdef'], n: 123456 }, 3)).toBe('{"a":["abc…"],"n":123456}')
})

test('whatever the text, it is one printable line that means the same', () => {
  const seed = Date.now()
  console.log(`seed ${seed}`)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
      const shown = quoted(text)
      expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
      expect(JSON.parse(shown)).toBe(text)
    }),
    { seed, numRuns: 2_000 },
  )
})
