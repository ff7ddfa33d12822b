import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { CanaryCheck } from './canary-check.ts'

function counts(...numbers: number[]) {
  const check = new CanaryCheck(5)
  const text = numbers.map((number) => `canary ${number} abc`)
  check.take({ type: 'lines', first: 1, start: 0, next: 100, text })
  return check.finish()
}

test('everything once and in order is nothing to count', () => {
  const hash = createHash('sha256').update('canary 1 abc\ncanary 2 abc\ncanary 3 abc\ncanary 4 abc\ncanary 5 abc\n')
  expect(counts(1, 2, 3, 4, 5)).toEqual({
    received: 5,
    missing: 0,
    duplicate: 0,
    outOfOrder: 0,
    hash: hash.digest('hex'),
  })
})

test('what is missing, doubled and out of order is counted', () => {
  expect(counts(1, 2, 4, 5)).toMatchObject({ missing: 1, duplicate: 0, outOfOrder: 0 })
  expect(counts(1, 2, 2, 2, 3, 4, 5)).toMatchObject({ missing: 0, duplicate: 2, outOfOrder: 0 })
  expect(counts(1, 3, 2, 4, 5)).toMatchObject({ missing: 0, duplicate: 0, outOfOrder: 1 })
  expect(counts()).toMatchObject({ received: 0, missing: 5 })
})
