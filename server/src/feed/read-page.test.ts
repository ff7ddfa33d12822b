import { parseCursor } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { WrittenLog } from './feed.fixture.ts'
import { readPage } from './read-page.ts'

function page(log: WrittenLog, from: number, count: number, maxChars = Number.POSITIVE_INFINITY) {
  return readPage(log.feed, log.kinds, { from, count, maxChars })
}

/** A log of so many lines that say their number. */
function numbered(count: number): WrittenLog {
  const log = new WrittenLog()
  for (let i = 1; i <= count; i++) log.write(`line ${i}\n`)
  return log
}

test('a page has the lines asked for, wherever the index has its entries', async () => {
  const log = numbered(3_000)
  for (const from of [1, 2, 1_023, 1_024, 1_025, 2_049, 2_990]) {
    const { lines, total } = await page(log, from, 10)
    const expected = Array.from({ length: 10 }, (_, i) => ({ number: from + i, text: `line ${from + i}` }))
    expect(lines.map(({ number, text }) => ({ number, text }))).toEqual(expected)
    expect(total).toBe(3_000)
  }
})

test('at the end of the log a page has fewer lines, and past it none', async () => {
  const log = numbered(5)
  expect((await page(log, 4, 10)).lines.map(({ number }) => number)).toEqual([4, 5])
  expect((await page(log, 6, 10)).lines).toEqual([])
  expect((await page(new WrittenLog(), 1, 10)).lines).toEqual([])
})

test('each line has its kind', async () => {
  const log = numbered(3)
  await log.kinds.revise(2, 'error')
  expect((await page(log, 1, 3)).lines.map(({ kind }) => kind)).toEqual(['output', 'error', 'output'])
})

test('an unfinished line is not part of a page, until the log is over', async () => {
  const log = numbered(1)
  log.write('unfinished')
  expect(await page(log, 1, 10)).toMatchObject({ total: 1, complete: false })
  log.kinds.add('output', false)
  log.finish()
  const { lines, complete } = await page(log, 1, 10)
  expect(lines.map(({ text }) => text)).toEqual(['line 1', 'unfinished'])
  expect(complete).toBe(true)
})

test('a page of very long lines ends early, and the next one goes on there', async () => {
  const log = new WrittenLog()
  for (let i = 0; i < 20; i++) log.write(`${String(i).repeat(500_000)}\n`)
  const first = (await page(log, 1, 20)).lines
  expect(first.length).toBeLessThan(20)
  const rest = (await page(log, first.length + 1, 20)).lines
  expect([...first, ...rest].map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})

test('the cursor of a page is where a stream goes on behind its last possible line', async () => {
  const log = numbered(5)
  expect(parseCursor((await page(log, 1, 2)).cursor)).toMatchObject({ value: { offset: log.feed.bytes } })
})

test('a log that begins anew while a page is read gives a page of the new one alone', async () => {
  const log = numbered(100)
  log.afterRead = () => {
    log.afterRead = () => {}
    log.reset('replaced')
    void log.kinds.clear()
    log.write('new\n')
  }
  const { lines, generation, total } = await page(log, 1, 50)
  expect(lines.map(({ text }) => text)).toEqual(['new'])
  expect({ generation, total }).toEqual({ generation: 1, total: 1 })
})
