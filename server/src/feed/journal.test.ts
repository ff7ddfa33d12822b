import { expect, test } from 'vitest'
import type { Delivery } from './delivery.ts'
import { cursorAt } from './feed.fixture.ts'
import { Journal } from './journal.ts'

const lines = (start: number, next: number, generation = 0): Delivery => ({
  cursor: cursorAt(next, generation),
  event: { type: 'lines', first: 1, start, next, text: [''] },
})
const tick = (offset: number): Delivery => ({ cursor: cursorAt(offset), event: { type: 'tick', elapsedMs: 2_000 } })

function journalOf(deliveries: readonly Delivery[], window = { bytes: 1_000, entries: 1_000 }): Journal {
  const journal = new Journal(window)
  for (const delivery of deliveries) journal.append(delivery)
  return journal
}

test('it keeps what fits its bytes, oldest out first', () => {
  const journal = journalOf([lines(0, 10), lines(10, 20), tick(20), lines(20, 30)], { bytes: 20, entries: 100 })
  expect([journal.firstSeq, journal.nextSeq]).toEqual([1, 4])
  expect(journal.get(0)).toBeUndefined()
  expect(journal.get(1)?.cursor.offset).toBe(20)
  journal.append(lines(30, 45))
  expect([journal.firstSeq, journal.nextSeq]).toEqual([4, 5])
})

test('it keeps no more entries than its bound, whatever their size', () => {
  const journal = journalOf([tick(0), tick(0), tick(0), tick(0)], { bytes: 20, entries: 3 })
  expect([journal.firstSeq, journal.nextSeq]).toEqual([1, 4])
})

test('it always keeps the newest delivery, however large', () => {
  const journal = journalOf([lines(0, 10), lines(10, 5_000)], { bytes: 20, entries: 3 })
  expect([journal.firstSeq, journal.nextSeq]).toEqual([1, 2])
})

test('within its own bounds it holds a quarter of a megabyte of log', () => {
  const journal = new Journal()
  for (let i = 0; i < 200; i++) journal.append(lines(i * 65_536, (i + 1) * 65_536))
  expect(journal.nextSeq - journal.firstSeq).toBe(4)
})

test('an outdated delivery keeps its place and nothing else', () => {
  const journal = journalOf([tick(0), tick(0)])
  journal.outdate(0)
  journal.outdate(7)
  expect([journal.get(0), journal.get(1)?.event.type, journal.get(2)]).toEqual([null, 'tick', undefined])
})

test('a viewer goes on at the delivery that begins where it is', () => {
  const journal = journalOf([tick(20), lines(20, 30), tick(30), lines(30, 40)])
  expect(journal.place(0, 20)).toEqual({ seq: 1 })
  expect(journal.place(0, 30)).toEqual({ seq: 3 })
})

test('a viewer behind the window, or inside a delivery, reads the file up to the next one', () => {
  const journal = journalOf([lines(20, 30), lines(30, 40)])
  expect(journal.place(0, 5)).toEqual({ readTo: 20 })
  expect(journal.place(0, 25)).toEqual({ readTo: 30 })
  expect(journal.place(0, 35)).toEqual({ readTo: 40 })
})

test('a viewer at the end goes on after the last lines, not with what came before them', () => {
  const journal = journalOf([tick(20), lines(20, 30), tick(30)])
  expect(journal.place(0, 30)).toEqual({ seq: 2 })
})

test('lines of another generation, and no lines, are no place', () => {
  expect(journalOf([lines(20, 30)]).place(1, 20)).toBeNull()
  expect(journalOf([lines(20, 30), lines(0, 10, 1)]).place(1, 0)).toEqual({ seq: 1 })
  expect(journalOf([tick(20)]).place(0, 20)).toBeNull()
  expect(journalOf([lines(20, 30)]).place(0, 31)).toBeNull()
})
