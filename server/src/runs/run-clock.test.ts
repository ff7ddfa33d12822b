import { TICK_INTERVAL_MS } from '@tailgate/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunClock } from './run-clock.ts'
import { FakeTimers } from './testing/fake-timers.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`run-clock.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

const DAY_MS = 24 * 60 * 60 * 1_000

function startClock(startedAgoMs = 0) {
  const timers = new FakeTimers()
  const clock = new RunClock(timers, timers.wallClock() - startedAgoMs)
  const ticks: number[] = []
  return { timers, clock, ticks, onTick: (elapsedMs: number) => void ticks.push(elapsedMs) }
}

describe('elapsed time', () => {
  test('counts from the start, also one before this process', () => {
    const { timers, clock } = startClock(5_000)
    expect(clock.elapsedMs()).toBe(5_000)
    timers.advance(1_234)
    expect(clock.elapsedMs()).toBe(6_234)
  })

  test('does not care when the system is given another time', () => {
    const { timers, clock, ticks, onTick } = startClock()
    clock.everyTick(onTick)
    timers.setWallClock(0)
    timers.advance(2_000)
    timers.setWallClock(Date.UTC(2100, 0, 1))
    timers.advance(2_000)
    expect(clock.elapsedMs()).toBe(4_000)
    expect(ticks).toEqual([2_000, 4_000])
  })

  test('is not negative for a start that seems to lie ahead', () => {
    expect(startClock(-5_000).clock.elapsedMs()).toBe(0)
  })
})

describe('ticks', () => {
  test('come at 2, 4, 6 … seconds', () => {
    const { timers, clock, ticks, onTick } = startClock()
    clock.everyTick(onTick)
    timers.advance(1_999)
    expect(ticks).toEqual([])
    timers.advance(1)
    expect(ticks).toEqual([2_000])
    timers.advance(6_000)
    expect(ticks).toEqual([2_000, 4_000, 6_000, 8_000])
  })

  test('of a run that has been going go on with the next one of its grid', () => {
    const { timers, clock, ticks, onTick } = startClock(3 * DAY_MS + 500)
    clock.everyTick(onTick)
    timers.advance(2_000)
    expect(ticks).toEqual([3 * DAY_MS + 2_000])
  })

  test('that come late tell the time it is, and leave out what was missed', () => {
    const { timers, clock, ticks, onTick } = startClock()
    clock.everyTick(onTick)
    timers.stall(7_100)
    expect(ticks).toEqual([6_000])
    timers.advance(900)
    expect(ticks).toEqual([6_000, 8_000])
  })

  test('whose timer fires early still come on their time, once', () => {
    const { timers, clock, ticks, onTick } = startClock()
    timers.earlyMs = 1
    clock.everyTick((elapsedMs) => {
      expect(clock.elapsedMs()).toBeGreaterThanOrEqual(elapsedMs)
      onTick(elapsedMs)
    })
    timers.advance(6_500)
    expect(ticks).toEqual([2_000, 4_000, 6_000])
  })

  test('lie on the grid, rise, never run ahead and never fall a whole interval behind, whatever time does', () => {
    const step = fc.record({ kind: fc.constantFrom('advance', 'stall'), ms: fc.nat({ max: 9_000 }) })
    fc.assert(
      fc.property(fc.nat({ max: 10 * DAY_MS }), fc.nat({ max: 3 }), fc.array(step), (startedAgo, earlyMs, steps) => {
        const { timers, clock, ticks, onTick } = startClock(startedAgo)
        timers.earlyMs = earlyMs
        clock.everyTick((elapsedMs) => {
          expect(elapsedMs).toBeLessThanOrEqual(clock.elapsedMs())
          expect(elapsedMs).toBeGreaterThan(clock.elapsedMs() - TICK_INTERVAL_MS)
          onTick(elapsedMs)
        })
        for (const { kind, ms } of steps) timers[kind](ms)
        expect(ticks.filter((elapsedMs) => elapsedMs % TICK_INTERVAL_MS !== 0)).toEqual([])
        expect(ticks).toEqual([...new Set(ticks)].toSorted((a, b) => a - b))
        const due = Math.floor(clock.elapsedMs() / TICK_INTERVAL_MS) * TICK_INTERVAL_MS
        expect(ticks.at(-1) ?? due).toBe(due)
      }),
    )
  })

  test('do not go on when the clock is stopped while one is told', () => {
    const { timers, clock, ticks, onTick } = startClock()
    clock.everyTick((elapsedMs) => {
      onTick(elapsedMs)
      clock.stop()
    })
    timers.advance(10_000)
    expect(ticks).toEqual([2_000])
    expect(timers.waiting).toBe(0)
  })
})

describe('a deadline', () => {
  test.each([0, 1, 2_500, DAY_MS, 2 ** 31 - 1, 2 ** 31, 366 * DAY_MS])('of %i ms passes once, on time', (deadline) => {
    const { timers, clock } = startClock()
    timers.earlyMs = 1
    const passed: number[] = []
    clock.at(deadline, () => passed.push(clock.elapsedMs()))
    timers.advance(Math.max(0, deadline - 1))
    expect(passed).toEqual([])
    timers.advance(3)
    expect(passed).toHaveLength(1)
    timers.advance(deadline)
    expect(passed).toEqual([
      expect.toSatisfy((elapsedMs: number) => elapsedMs >= deadline && elapsedMs <= deadline + 2),
    ])
    // What setTimeout can wait; longer waits would fire at once.
    expect(timers.longestWaitMs).toBeLessThan(2 ** 31)
  })

  test('that a run has passed before this process began passes at once', () => {
    const { timers, clock } = startClock(60_000)
    const passed: number[] = []
    clock.at(30_000, () => passed.push(clock.elapsedMs()))
    timers.advance(1)
    expect(passed).toEqual([60_001])
  })
})

describe('a stopped clock', () => {
  test('calls nothing any more and holds no timer', () => {
    const { timers, clock, ticks, onTick } = startClock()
    clock.everyTick(onTick)
    clock.at(3_000, () => onTick(-1))
    clock.at(40 * DAY_MS, () => onTick(-2))
    timers.advance(2_000)
    clock.stop()
    clock.stop()
    expect(timers.waiting).toBe(0)
    clock.everyTick(onTick)
    clock.at(0, () => onTick(-3))
    expect(timers.waiting).toBe(0)
    timers.advance(60_000)
    expect(ticks).toEqual([2_000])
  })

  test('still tells the time', () => {
    const { timers, clock } = startClock()
    clock.stop()
    timers.advance(1_500)
    expect(clock.elapsedMs()).toBe(1_500)
  })
})
