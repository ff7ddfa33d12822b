import { describe, expect, test } from 'vitest'
import { DiskWatch, judgeDisk } from './disk-watch.ts'
import { FakeTimers } from './testing/fake-timers.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

describe('a disk', () => {
  test.each([
    ['a large one with much room', 100 * GIB, 1_000 * GIB, 'enough'],
    ['a large one with 1 GiB left', GIB, 1_000 * GIB, 'enough'],
    ['a large one with less than that', GIB - 1, 1_000 * GIB, 'low'],
    ['a large one with 128 MiB left', 128 * MIB, 1_000 * GIB, 'low'],
    ['a large one with less than that', 128 * MIB - 1, 1_000 * GIB, 'full'],
    ['a small one with a twentieth left', 5 * MIB, 100 * MIB, 'enough'],
    ['a small one with less than that', 5 * MIB - 1, 100 * MIB, 'low'],
    ['a small one with a hundredth left', MIB, 100 * MIB, 'low'],
    ['a small one with less than that', MIB - 1, 100 * MIB, 'full'],
    ['one without a byte left', 0, 100 * MIB, 'full'],
    ['one whose file system tells no size', 0, 0, 'enough'],
  ])('%s (%i of %i bytes) has %s', (_, free, total, expected) => {
    const state = judgeDisk('/data', free, total)
    expect(state.type).toBe(expected)
    if (state.type !== 'enough') expect(state.message).toContain('/data')
  })
})

describe('the watch', () => {
  const rig = (free: readonly (number | Error)[]) => {
    const timers = new FakeTimers()
    const told: string[] = []
    let looks = 0
    const space = async () => {
      const now = free[Math.min(looks++, free.length - 1)]
      if (typeof now !== 'number') throw now
      return { free: now, total: 1_000 * GIB }
    }
    const watch: DiskWatch = new DiskWatch('/data', space, timers, () => told.push(watch.state.type))
    /** Lets the time to the next look pass, and the look end. */
    const next = async () => {
      timers.advance(60_000)
      await new Promise(setImmediate)
    }
    return { timers, told, watch, next }
  }

  test('tells each change once, and nothing else', async () => {
    const { told, watch, next } = rig([GIB, GIB, MIB, MIB, GIB - 1, 2 * GIB])
    await watch.start()
    for (let i = 0; i < 5; i++) await next()
    expect(told).toEqual(['full', 'low', 'enough'])
    watch.stop()
  })

  test('takes a disk that does not answer for one with room, and asks again', async () => {
    const { watch, next } = rig([MIB, new Error('EIO'), MIB])
    await watch.start()
    expect(watch.state.type).toBe('full')
    await next()
    expect(watch.state.type).toBe('enough')
    await next()
    expect(watch.state.type).toBe('full')
    watch.stop()
  })

  test('holds no timer and tells nothing once it is stopped', async () => {
    const { timers, told, watch, next } = rig([GIB, MIB])
    await watch.start()
    watch.stop()
    await next()
    expect([timers.waiting, told]).toEqual([0, []])
  })
})
