import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOffMs, FIRST_RETRY_MS, LONGEST_RETRY_MS } from './back-off.ts'
import { seed } from './testing/seed.ts'

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const failures = fc.integer({ min: 1, max: 10_000 })

test('every wait lies between half of the doubled delay and the whole of it, and never above the longest', async () => {
  const delay = fc.integer({ min: 1, max: 100_000 })
  const property = fc.property(failures, delay, delay, chance, (count, firstMs, longestMs, random) => {
    const most = Math.min(longestMs, firstMs * 2 ** (count - 1))
    const wait = backOffMs(count, { firstMs, longestMs }, () => random)
    expect(wait).toBeGreaterThan(most / 2 - 1e-9)
    expect(wait).toBeLessThanOrEqual(most)
  })
  await fc.assert(property, { seed: seed('back-off bounds') })
})

test('more failures never shorten the wait, chance being equal', async () => {
  const property = fc.property(failures, chance, (count, random) => {
    const wait = (after: number) => backOffMs(after, {}, () => random)
    expect(wait(count + 1)).toBeGreaterThanOrEqual(wait(count))
  })
  await fc.assert(property, { seed: seed('back-off order') })
})

test('the defaults double from 100 ms to 5 s', () => {
  const waits = [1, 2, 3, 6, 7, 100].map((count) => backOffMs(count, {}, () => 0))
  expect(waits).toEqual([FIRST_RETRY_MS, 200, 400, 3200, LONGEST_RETRY_MS, LONGEST_RETRY_MS])
})

test('viewers of one gateway spread over half of the wait', () => {
  expect(backOffMs(7, {}, () => 0.5)).toBe(3750)
  expect(backOffMs(7, {}, () => 1 - Number.EPSILON)).toBeCloseTo(2500)
})
