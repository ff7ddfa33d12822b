import { expect, test } from 'vitest'
import { Inbox } from './inbox.ts'

const item = (n: number) => ({ n })

/** Whether a promise has settled by the time that everything already under way has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => {
    settled = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return settled
}

test('items come in order, whether they wait or are waited for', async () => {
  const inbox = new Inbox<{ n: number }>(2)
  inbox.push(item(1))
  const items = inbox.take()
  expect((await items.next()).value).toEqual(item(1))
  const next = items.next()
  inbox.push(item(2))
  inbox.push(item(3))
  expect((await next).value).toEqual(item(2))
  inbox.close()
  expect((await items.next()).value).toEqual(item(3))
  expect((await items.next()).done).toBe(true)
})

test('a failure comes after the items before it, and only the first end counts', async () => {
  const inbox = new Inbox<{ n: number }>(2)
  inbox.push(item(1))
  inbox.close({ failure: new Error('lost') })
  inbox.close()
  inbox.push(item(2))
  const items = inbox.take()
  expect((await items.next()).value).toEqual(item(1))
  await expect(items.next()).rejects.toThrow('lost')
})

test('a full inbox holds its source back until an item is taken', async () => {
  const inbox = new Inbox<{ n: number }>(2)
  inbox.push(item(1))
  expect(await isSettled(inbox.room())).toBe(true)
  inbox.push(item(2))
  const room = inbox.room()
  expect(await isSettled(room)).toBe(false)
  await inbox.take().next()
  expect(await isSettled(room)).toBe(true)
})

test('closing lets a source go that was held back', async () => {
  const inbox = new Inbox<{ n: number }>(1)
  inbox.push(item(1))
  const room = inbox.room()
  inbox.close()
  expect(await isSettled(room)).toBe(true)
})
