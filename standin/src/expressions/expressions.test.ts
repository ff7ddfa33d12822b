import { describe, expect, test } from 'vitest'
import { Screen } from '../output/screen.ts'
import { Session } from '../session.ts'
import { StataError } from '../stata-error.ts'
import { memorySystem } from '../testing/memory-system.ts'
import { parseExpression } from './parse.ts'
import { extendedMissing, MISSING } from './values.ts'

function evaluate(text: string) {
  const session = new Session(new Screen(() => {}), memorySystem())
  session.scalars.set('two', 2)
  return parseExpression(text)(session.environment)
}

describe('expressions', () => {
  test.each<[string, number | string]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['-2^2', -4],
    ['2^-1', 0.5],
    ['2^3^2', 64],
    ['7 - 2 - 1', 4],
    ['!0 == 1', 1],
    ['~1', 0],
    ['1 < 2 & 3 > 2 | 0', 1],
    ['2 >= 2', 1],
    ['1 ~= 2', 1],
    ['"a" + "b"', 'ab'],
    ['"ab" * 3', 'ababab'],
    ['"a" < "b"', 1],
    ['`"say "hi""\'', 'say "hi"'],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1/0', MISSING],
    ['. > 1e300', 1],
    ['.a > .', 1],
    ['. + 1', MISSING],
    ['.a', extendedMissing(1)],
    ['two * 3', 6],
    ['scalar(two)', 2],
    ['_pi > 3.14', 1],
    ['_N', 0],
    ['c(mode)', 'batch'],
    ['c(current_date)', ' 2 Apr 2026'],
    ['r(nothing)', MISSING],
  ])('%s is %s', (text, expected) => {
    expect(evaluate(text)).toBe(expected)
  })

  test.each<[string, number | string]>([
    ['abs(-3)', 3],
    ['int(-2.7)', -2],
    ['floor(-2.7)', -3],
    ['ceil(2.1)', 3],
    ['round(2.5)', 3],
    ['round(-2.5)', -2],
    ['round(3.14159, .01)', 3.14],
    ['mod(-7, 3)', 2],
    ['mod(5, 0)', MISSING],
    ['min(3, ., 1)', 1],
    ['max(3, ., 1)', 3],
    ['max(., .)', MISSING],
    ['ln(exp(1))', 1],
    ['ln(-1)', MISSING],
    ['sqrt(16)', 4],
    ['cond(1 > 2, "a", "b")', 'b'],
    ['inrange(5, 1, 10)', 1],
    ['inrange(., 1, .)', 0],
    ['inlist("b", "a", "b")', 1],
    ['missing(1, .)', 1],
    ['missing("")', 1],
    ['strlen("añb")', 3],
    ['strupper("abc")', 'ABC'],
    ['substr("abcdef", 2, 3)', 'bcd'],
    ['substr("abcdef", -2, .)', 'ef'],
    ['strpos("hello", "lo")', 4],
    ['subinstr("a-b-c", "-", "+", 1)', 'a+b-c'],
    ['subinstr("a-b-c", "-", "+", .)', 'a+b+c'],
    ['trim("  a b  ")', 'a b'],
    ['string(1/3)', '.3333333'],
    ['string(2, "%5.2f")', '2.00'],
    ['real("1e3")', 1000],
    ['real("x")', MISSING],
    ['word("a b c", -1)', 'c'],
    ['wordcount(" a  b ")', 2],
    ['strmatch("abc", "a*")', 1],
    ['strproper("john o\'neil")', "John O'Neil"],
    ['mdy(4, 2, 2026)', 24198],
    ['year(24198)', 2026],
  ])('%s is %s', (text, expected) => {
    const value = evaluate(text)
    if (typeof expected === 'number' && expected < MISSING) expect(value).toBeCloseTo(expected, 10)
    else expect(value).toBe(expected)
  })

  test.each([
    ['nothing', 111, 'nothing not found'],
    ['"a" + 1', 109, 'type mismatch'],
    ['foo(1)', 133, 'unknown function foo()'],
    ['"abc', 132, 'too few quotes'],
    ['(1', 132, "too few ')' or ']'"],
    ['1 +', 198, 'invalid syntax'],
    ['1 = 1', 198, '=exp not allowed'],
    ['', 198, 'invalid syntax'],
    ['abs(1, 2)', 198, 'invalid syntax'],
    ['strlen(1)', 109, 'type mismatch'],
  ])('%s fails with r(%d)', (text, code, message) => {
    try {
      evaluate(text)
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof StataError)) throw error
      expect([error.code, error.message]).toEqual([code, message])
    }
  })
})
