import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Heartbeats } from './heartbeats.ts'

const MS = 15_000

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a stream that tells nothing has a beat for each such time, the first a little later at most', () => {
  const heartbeats = new Heartbeats(MS)
  const other = heartbeats.start(() => {})
  vi.advanceTimersByTime(700)
  const beats: number[] = []
  const startedAt = Date.now()
  heartbeats.start(() => beats.push(Date.now() - startedAt))
  vi.advanceTimersByTime(3.2 * MS)
  expect(beats).toEqual([MS + 300, 2 * MS + 300, 3 * MS + 300])
  heartbeats.stop(other)
})

test('one that tells something now and then has none until it stops', () => {
  const heartbeats = new Heartbeats(MS)
  let beats = 0
  const heart = heartbeats.start(() => {
    beats += 1
  })
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(MS - 1)
    heart.told()
  }
  expect(beats).toBe(0)
  vi.advanceTimersByTime(MS + 1_000)
  expect(beats).toBe(1)
})

test('one that was stopped has none, and no timer is left behind', () => {
  const heartbeats = new Heartbeats(MS)
  const [one, other] = [heartbeats.start(() => expect.unreachable()), heartbeats.start(() => {})]
  heartbeats.stop(one)
  vi.advanceTimersByTime(2 * MS)
  expect(vi.getTimerCount()).toBe(1)
  heartbeats.stop(other)
  expect(vi.getTimerCount()).toBe(0)
})
