import { expect, onTestFinished, test } from 'vitest'
import { createDoorbell } from './doorbell.ts'

/** Longer than any test: only a ring ends a wait for it. */
const FOR_EVER_MS = 2 ** 30

function newDoorbell(...signals: AbortSignal[]) {
  const doorbell = createDoorbell(...signals)
  onTestFinished(() => {
    doorbell.ring()
    doorbell.close()
  })
  return doorbell
}

test('a ring ends the wait', async () => {
  const doorbell = newDoorbell()
  const waiting = doorbell.wait(FOR_EVER_MS)
  doorbell.ring()
  await waiting
})

test('a ring before the wait ends it at once, and only that one', async () => {
  const doorbell = newDoorbell()
  doorbell.ring()
  await doorbell.wait(FOR_EVER_MS)
  let ended = false
  const second = doorbell.wait(FOR_EVER_MS).then(() => {
    ended = true
  })
  await new Promise(setImmediate)
  expect(ended).toBe(false)
  doorbell.ring()
  await second
})

test('a ring during a pause is kept for the next wait', async () => {
  const doorbell = newDoorbell()
  const pausing = doorbell.pause(1)
  doorbell.ring()
  await pausing
  await doorbell.wait(FOR_EVER_MS)
})

test('the time ends the wait, too, be it shorter or longer than those before', async () => {
  const doorbell = newDoorbell()
  for (const [first, ms] of [
    [2, 1],
    [40, 20],
    [5, 30],
  ] as const) {
    const interrupted = doorbell.wait(first)
    doorbell.ring()
    expect(await interrupted).toBe(true)
    const startedAt = performance.now()
    expect(await doorbell.wait(ms)).toBe(false)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(ms)
  }
})

test('it leaves no timer behind', async () => {
  const doorbell = newDoorbell()
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const waiting = doorbell.wait(FOR_EVER_MS)
  expect(timers()).toBe(before + 1)
  doorbell.ring()
  await waiting
  doorbell.close()
  expect(timers()).toBe(before)
})

test('each of its signals rings, until it is closed', async () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const doorbell = newDoorbell(one.signal, other.signal)
  const waiting = doorbell.wait(FOR_EVER_MS)
  other.abort()
  await waiting
  doorbell.close()
  one.abort()
  let ended = false
  const second = doorbell.wait(FOR_EVER_MS).then(() => {
    ended = true
  })
  await new Promise(setImmediate)
  expect(ended).toBe(false)
  doorbell.ring()
  await second
})
