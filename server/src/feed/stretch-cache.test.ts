import { expect, test, vi } from 'vitest'
import { type Stretch, StretchCache } from './stretch-cache.ts'

const stretch: Stretch = { deliveries: [], ends: [] }

/** Takes so much memory. */
const of = (memory: number) => ({ bytes: memory / 5, lines: 0 })

/** A cache, and the keys that it had to load so far. */
function counted(memoryBytes: number): {
  loaded: string[]
  get(key: string, memory?: number): Promise<Stretch | null>
} {
  const cache = new StretchCache({ memoryBytes })
  const loaded: string[] = []
  const load = async (key: string) => {
    loaded.push(key)
    return stretch
  }
  return { loaded, get: (key, memory = 10) => cache.get(key, of(memory), () => load(key)) }
}

test('who asks at the same time, or soon after, is given the same stretch', async () => {
  const { loaded, get } = counted(100)
  const both = [get('a'), get('a')]
  expect(both[0]).toBe(both[1])
  await Promise.all(both)
  expect(get('a')).toBe(both[0])
  expect(loaded).toEqual(['a'])
})

test('what has not been asked for longest makes room', async () => {
  const { loaded, get } = counted(20)
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await get(key)
  expect(loaded).toEqual(['a', 'b', 'c', 'b'])
})

test('a stretch larger than the bound is given all the same, and kept only until the next', async () => {
  const { loaded, get } = counted(20)
  for (const key of ['large', 'a', 'large']) expect(await get(key, key === 'large' ? 50 : 10)).toBe(stretch)
  expect(loaded).toEqual(['large', 'a', 'large'])
})

test('many short lines take more memory than a few long ones', async () => {
  const memoryOf = async (size: { bytes: number; lines: number }) => {
    const cache = new StretchCache()
    await cache.get('a', size, async () => stretch)
    return cache.memoryBytes
  }
  expect(await memoryOf({ bytes: 1_000, lines: 1_000 })).toBeGreaterThan(
    10 * (await memoryOf({ bytes: 1_000, lines: 1 })),
  )
})

test('nothing is kept once nobody has asked for a while', async () => {
  const cache = new StretchCache({ idleMs: 50 })
  const get = () => cache.get('a', of(10), async () => stretch)
  await get()
  expect(cache.memoryBytes).toBe(10)
  await vi.waitFor(() => expect(cache.memoryBytes).toBe(0))
  await get()
  expect(cache.memoryBytes).toBe(10)
  await vi.waitFor(() => expect(cache.memoryBytes).toBe(0))
})

test('one that could not be loaded is tried again by the next who asks', async () => {
  const cache = new StretchCache()
  expect(await cache.get('a', of(10), async () => null)).toBeNull()
  await expect(cache.get('a', of(10), () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO')
  expect(await cache.get('a', of(10), async () => stretch)).toBe(stretch)
})

test('a buffer that is lent belongs to one borrower at a time', () => {
  const cache = new StretchCache()
  const first = cache.borrow(8)
  const second = cache.borrow(8)
  expect(first.bytes.buffer).not.toBe(second.bytes.buffer)
  first[Symbol.dispose]()
  const third = cache.borrow(4)
  expect(third.bytes.buffer).toBe(first.bytes.buffer)
  expect(third.bytes).toHaveLength(4)
})
