import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatLineHash, isInRange, parseGoTo, parseLineHash, rangeBetween } from './line-range.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`line-range.test.ts: fast-check seed ${seed}`)

test('an address with lines is read as it was written', () => {
  const line = fc.integer({ min: 1, max: 10 ** 12 })
  const property = fc.property(line, line, (one, other) => {
    const range = rangeBetween(one, other)
    expect(parseLineHash(formatLineHash(range))).toEqual(range)
  })
  fc.assert(property, { seed })
})

test('one line is written as one, several as from and to, and either order means the same', () => {
  expect(formatLineHash({ first: 120, last: 120 })).toBe('#L120')
  expect(formatLineHash({ first: 120, last: 140 })).toBe('#L120-L140')
  expect(parseLineHash('#L140-L120')).toEqual({ first: 120, last: 140 })
  expect(parseLineHash('#L120-140')).toEqual({ first: 120, last: 140 })
})

test('an address that names no lines points at none', () => {
  for (const hash of ['', '#', '#main', '#L', '#L0', '#L-5', '#L1.5', '#L1-', '#L1-L2-L3', '#L12345678901234567'])
    expect(parseLineHash(hash)).toBeNull()
})

test('going to a line understands numbers as people write them', () => {
  expect(parseGoTo(' 1,200,000 ')).toEqual({ first: 1_200_000, last: 1_200_000 })
  expect(parseGoTo('120-140')).toEqual({ first: 120, last: 140 })
  expect(parseGoTo('L7')).toEqual({ first: 7, last: 7 })
  expect(parseGoTo('#L7-L9')).toEqual({ first: 7, last: 9 })
  expect(parseGoTo('the end')).toBeNull()
})

test('a range has its ends in it', () => {
  const range = { first: 3, last: 5 }
  expect([2, 3, 5, 6].map((line) => isInRange(range, line))).toEqual([false, true, true, false])
  expect(isInRange(null, 3)).toBe(false)
})
