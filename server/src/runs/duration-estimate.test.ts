import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { estimateDuration } from './duration-estimate.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`duration-estimate.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

describe('an estimate', () => {
  test('is none without earlier runs', () => {
    expect(estimateDuration([], 5_000)).toBeNull()
  })

  test.each([
    [[10_000], 10_000],
    [[30_000, 10_000, 20_000], 20_000],
    [[40_000, 10_000, 20_000, 1_000_000], 30_000],
    [[9, 10, 100], 10],
  ])('of %j expects the median, %i ms', (earlier, expectedMs) => {
    expect(estimateDuration(earlier, 0)).toEqual({
      expectedMs,
      percent: 0,
      remainingMs: expectedMs,
      runs: earlier.length,
    })
  })

  test('tells about half at half the time, about nine tenths when it should be done, and no time left after that', () => {
    expect(estimateDuration([100_000], 50_000)).toMatchObject({ percent: 45.4, remainingMs: 50_000 })
    expect(estimateDuration([100_000], 100_000)).toMatchObject({ percent: 90.9, remainingMs: 0 })
    expect(estimateDuration([100_000], 1_000_000)).toMatchObject({ percent: 99, remainingMs: 0 })
  })

  test('of runs that took no time at all is a number still', () => {
    expect(estimateDuration([0, 0], 0)).toEqual({ expectedMs: 0, percent: 0, remainingMs: 0, runs: 2 })
    expect(estimateDuration([0, 0], 10)).toEqual({ expectedMs: 0, percent: 99, remainingMs: 0, runs: 2 })
  })

  test('never goes back and never says that it is done', () => {
    const duration = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e11, noNaN: true }))
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1 }), fc.array(duration), (earlier, times) => {
        const estimates = times.toSorted((a, b) => a - b).map((elapsedMs) => estimateDuration(earlier, elapsedMs))
        let percent = 0
        let remainingMs = Number.POSITIVE_INFINITY
        for (const estimate of estimates) {
          expect(estimate?.percent).toBeGreaterThanOrEqual(percent)
          expect(estimate?.percent).toBeLessThan(100)
          expect(estimate?.remainingMs).toBeLessThanOrEqual(remainingMs)
          expect(estimate?.remainingMs).toBeGreaterThanOrEqual(0)
          percent = estimate?.percent ?? 0
          remainingMs = estimate?.remainingMs ?? 0
        }
      }),
    )
  })

  test('does not depend on the order of the earlier runs, and expects nothing that none of them was near', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1e11, noNaN: true }), { minLength: 1 })
    fc.assert(
      fc.property(durations, fc.double({ min: 0, max: 1e11, noNaN: true }), (earlier, elapsedMs) => {
        const estimate = estimateDuration(earlier, elapsedMs)
        expect(estimateDuration(earlier.toReversed(), elapsedMs)).toEqual(estimate)
        expect(estimate?.expectedMs).toBeGreaterThanOrEqual(Math.min(...earlier))
        expect(estimate?.expectedMs).toBeLessThanOrEqual(Math.max(...earlier))
      }),
    )
  })
})
