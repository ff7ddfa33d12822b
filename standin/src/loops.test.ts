import { describe, expect, test } from 'vitest'
import { parseNumlist, parseRange, rangeValues } from './loops.ts'

describe('forvalues ranges', () => {
  test.each([
    ['1/5', [1, 2, 3, 4, 5]],
    ['1(2)9', [1, 3, 5, 7, 9]],
    ['10(-3)1', [10, 7, 4, 1]],
    ['1 3 to 7', [1, 3, 5, 7]],
    ['1 3 : 7', [1, 3, 5, 7]],
    ['0(.1).3', [0, 0.1, 0.2, 0.3]],
    ['-2/1', [-2, -1, 0, 1]],
    ['5/1', []],
  ])('%s runs over %j', (text, expected) => {
    const values = [...rangeValues(parseRange(text))]
    expect(values).toHaveLength(expected.length)
    values.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 12)
    })
  })

  test.each(['', 'a/b', '1/', '1', '1(2', '1/2/3'])('"%s" is invalid syntax', (text) => {
    expect(() => parseRange(text)).toThrow('invalid syntax')
  })

  test('a step of nothing is invalid syntax, not an endless loop', () => {
    expect(() => [...rangeValues(parseRange('1(0)5'))]).toThrow('invalid syntax')
  })
})

test('numlists mix numbers and ranges', () => {
  expect(parseNumlist('1 2, 5/7 10(5)20')).toEqual([1, 2, 5, 6, 7, 10, 15, 20])
  expect(() => parseNumlist('1 x')).toThrow('invalid numlist')
})
