import { expect, test } from 'vitest'
import { createStreamPlaces, type Locks, STREAM_PLACES } from './stream-places.ts'

/** Locks as the browser has them, shared by all tabs: one holder for each name, the others wait in turn. */
function sharedLocks(): Locks & { held: () => number; waiting: () => number } {
  const tails = new Map<string, Promise<unknown>>()
  let held = 0
  let waiting = 0
  return {
    held: () => held,
    waiting: () => waiting,
    async request(name, { signal }, whileHeld) {
      signal.throwIfAborted()
      const before = tails.get(name) ?? Promise.resolve()
      const run = async () => {
        waiting -= 1
        if (signal.aborted) return
        held += 1
        await whileHeld()
        held -= 1
      }
      waiting += 1
      const mine = before.then(run)
      tails.set(name, mine)
      await Promise.race([
        mine,
        new Promise((_, reject) => signal.addEventListener('abort', () => held === 0 && reject(signal.reason))),
      ])
    },
  }
}

const never = new AbortController().signal

test('there are places for so many streams, and the next waits until one is given back', async () => {
  const locks = sharedLocks()
  const tabs = Array.from({ length: STREAM_PLACES + 1 }, () => createStreamPlaces(locks))
  const releases: (() => void)[] = []
  for (const places of tabs.slice(0, STREAM_PLACES)) releases.push(await places.take(never))
  expect(locks.held()).toBe(STREAM_PLACES)

  let got = false
  const last = tabs[STREAM_PLACES]?.take(never).then((release) => {
    got = true
    return release
  })
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(got).toBe(false)
  releases[1]?.()
  await last
  expect(locks.held()).toBe(STREAM_PLACES)
})

test('a tab holds one place, and gives back what it did not need', async () => {
  const locks = sharedLocks()
  const release = await createStreamPlaces(locks).take(never)
  expect(locks.held()).toBe(1)
  release()
  await expect.poll(() => locks.held()).toBe(0)
})

test('whoever gives up waiting is told so', async () => {
  const locks = sharedLocks()
  const abort = new AbortController()
  const reason = new Error('left')
  const waiting = createStreamPlaces({
    request: (_name, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  }).take(abort.signal)
  abort.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(locks.waiting()).toBe(0)
})

test('without locks every tab has a place', async () => {
  const places = createStreamPlaces(undefined)
  const all = Array.from({ length: STREAM_PLACES * 3 }, () => places.take(never))
  expect(await Promise.all(all)).toHaveLength(STREAM_PLACES * 3)
})
