import { startCursor } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { WrittenLog } from '../feed/feed.fixture.ts'
import { COME_BACK_AFTER_RESTART_MS, COME_BACK_MS, RunViewers } from './run-viewers.ts'
import { FakeTimers } from './testing/fake-timers.ts'

const RUN = 'run1'

function rig() {
  const timers = new FakeTimers()
  const log = new WrittenLog()
  const abandoned: string[] = []
  const viewers = new RunViewers({
    feed: (runId) => Promise.resolve(runId === RUN ? log.feed : null),
    onAbandoned: (runId) => abandoned.push(runId),
    timers,
  })
  /** A viewer that has had its first event; the function given back makes it leave. */
  const join = async () => {
    const leaving = new AbortController()
    const events = await viewers.watch(RUN, startCursor(RUN), leaving.signal)
    if (events === null) throw new Error('the run is known')
    await events.next()
    return async () => {
      leaving.abort()
      await events.return()
    }
  }
  return { timers, abandoned, viewers, join }
}

test('a run is abandoned when its last viewer has left and does not come back in time', async () => {
  const { timers, abandoned, join } = rig()
  const [leaveFirst, leaveLast] = [await join(), await join()]
  await leaveFirst()
  timers.advance(10 * COME_BACK_MS)
  expect(abandoned).toEqual([])
  await leaveLast()
  timers.advance(COME_BACK_MS - 1)
  expect(abandoned).toEqual([])
  timers.advance(1)
  expect(abandoned).toEqual([RUN])
})

test('a viewer that left before it was told anything has left', async () => {
  const { timers, abandoned, viewers } = rig()
  const events = await viewers.watch(RUN, startCursor(RUN), AbortSignal.abort())
  expect(viewers.has(RUN)).toBe(false)
  timers.advance(COME_BACK_MS)
  expect(abandoned).toEqual([RUN])
  expect(await events?.next()).toEqual({ done: true, value: undefined })
})

test('each time the last viewer leaves, there is the whole time to come back', async () => {
  const { timers, abandoned, join } = rig()
  const leave = await join()
  await leave()
  timers.advance(COME_BACK_MS - 100)
  const leaveAgain = await join()
  await leaveAgain()
  timers.advance(COME_BACK_MS - 1)
  expect(abandoned).toEqual([])
  timers.advance(1)
  expect(abandoned).toEqual([RUN])
})

test('a run that an earlier gateway left is abandoned when nobody comes back to it, and only then', async () => {
  const { timers, abandoned, viewers, join } = rig()
  viewers.awaitReturn(RUN)
  timers.advance(COME_BACK_AFTER_RESTART_MS - 1)
  const leave = await join()
  timers.advance(10 * COME_BACK_AFTER_RESTART_MS)
  expect(abandoned).toEqual([])
  await leave()
  timers.advance(COME_BACK_MS)
  expect(abandoned).toEqual([RUN])
  viewers.awaitReturn(RUN)
  timers.advance(COME_BACK_AFTER_RESTART_MS)
  expect(abandoned).toEqual([RUN, RUN])
})

test('a gateway that closes abandons nothing and waits for nobody', async () => {
  const { timers, abandoned, viewers, join } = rig()
  const leaveBefore = await join()
  await leaveBefore()
  const leave = await join()
  viewers.close()
  await leave()
  expect(timers.waiting).toBe(0)
  timers.advance(10 * COME_BACK_MS)
  expect(abandoned).toEqual([])
})

test('the viewers of a run are counted while they watch', async () => {
  const { viewers, join } = rig()
  expect(viewers.has(RUN)).toBe(false)
  const leave = await join()
  expect(viewers.has(RUN)).toBe(true)
  await leave()
  expect(viewers.has(RUN)).toBe(false)
})
