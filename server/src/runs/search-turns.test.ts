import { expect, test } from 'vitest'
import { SearchTurns } from './search-turns.ts'

const never = new AbortController().signal

test('so many searches run at once, the others wait in the order they came', async () => {
  const turns = new SearchTurns(2, 10)
  const order: string[] = []
  const search = async (name: string) => {
    const turn = await turns.take(never)
    order.push(name)
    return turn
  }
  const [first, second] = [await search('first'), await search('second')]
  const [third, fourth] = [search('third'), search('fourth')]
  expect([turns.running, turns.waiting]).toEqual([2, 2])
  second?.[Symbol.dispose]()
  second?.[Symbol.dispose]()
  ;(await third)?.[Symbol.dispose]()
  ;(await fourth)?.[Symbol.dispose]()
  first?.[Symbol.dispose]()
  expect(order).toEqual(['first', 'second', 'third', 'fourth'])
  expect([turns.running, turns.waiting]).toEqual([0, 0])
})

test('when too many wait, the next is refused', async () => {
  const turns = new SearchTurns(1, 1)
  const running = await turns.take(never)
  const waiting = turns.take(never)
  expect(await turns.take(never)).toBeNull()
  running?.[Symbol.dispose]()
  ;(await waiting)?.[Symbol.dispose]()
  expect(turns.running).toBe(0)
})

test('a caller who leaves gives up the turn, and nobody waits for it', async () => {
  const turns = new SearchTurns(1, 10)
  const running = await turns.take(never)
  const leaving = new AbortController()
  const left = turns.take(leaving.signal)
  const stays = turns.take(never)
  leaving.abort()
  expect(await left).toBeNull()
  expect(await turns.take(AbortSignal.abort())).toBeNull()
  running?.[Symbol.dispose]()
  ;(await stays)?.[Symbol.dispose]()
  expect([turns.running, turns.waiting]).toEqual([0, 0])
})
