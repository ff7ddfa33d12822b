import { expect, test } from 'vitest'
import { type Stretch, StretchCache } from './stretch-cache.ts'

const stretch: Stretch = { deliveries: [], end: { line: 1, offset: 0 } }

/** A cache, and the keys that it had to load so far. */
function counted(maxBytes: number): { loaded: string[]; get(key: string, bytes?: number): Promise<Stretch | null> } {
  const cache = new StretchCache(maxBytes)
  const loaded: string[] = []
  const load = async (key: string) => {
    loaded.push(key)
    return stretch
  }
  return { loaded, get: (key, bytes = 10) => cache.get(key, bytes, () => load(key)) }
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

test('one that could not be loaded is tried again by the next who asks', async () => {
  const cache = new StretchCache()
  expect(await cache.get('a', 10, async () => null)).toBeNull()
  await expect(cache.get('a', 10, () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO')
  expect(await cache.get('a', 10, async () => stretch)).toBe(stretch)
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
