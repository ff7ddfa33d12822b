import { truncateSync } from 'node:fs'
import { MAX_LINE_BYTES, parseCursor } from '@tailgate/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeLine } from '../lines/decode-lines.ts'
import { WrittenLog } from './feed.fixture.ts'
import { readPage } from './read-page.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`read-page.test.ts: fast-check seed ${seed}`)

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

const LF = 0x0a
const CR = 0x0d

/** For comparing: nobody reads a million letters in a failure. */
const shown = (text: string) => (text.length > 1_000 ? `${text.length} letters` : text)

test('any page has the text that the log has there, whatever its lines are like', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 }).map((some) => Buffer.from(some))
  const bytes = fc.uint8Array({ maxLength: 80 })
  const short = fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: bytes })
  const inOneLine = short.map((some) => Buffer.from(some.filter((byte) => byte !== LF && byte !== CR)))
  const long = fc.constantFrom(70_000, MAX_LINE_BYTES - 1).map((length) => Buffer.alloc(length, 'x'))
  const line = fc.oneof({ weight: 200, arbitrary: inOneLine }, { weight: 1, arbitrary: long })
  const end = fc.constantFrom('\n', '\r\n').map((some) => Buffer.from(some))
  const lines = fc.array(fc.tuple(line, end), { minLength: 1, maxLength: 400, size: 'max' })
  const times = fc.integer({ min: 1, max: 10 })
  const property = fc.asyncProperty(lines, times, fc.nat(), fc.nat(), async (some, writes, pick, count) => {
    const log = new WrittenLog()
    for (let write = 0; write < writes; write++) log.write(Buffer.concat(some.flat()))
    const texts = Array.from({ length: writes }, () => some.map(([bytes]) => decodeLine(bytes))).flat()
    const from = 1 + (pick % texts.length)
    const wanted = texts.slice(from - 1, from + (count % 2_000))
    const read = (await page(log, from, wanted.length)).lines.map(({ text }) => text)
    expect(read.map(shown)).toEqual(wanted.slice(0, read.length).map(shown))
    const chars = read.reduce((sum, text) => sum + text.length, 0)
    if (chars < 8 * 1024 * 1024) expect(read.length).toBe(wanted.length)
  })
  await fc.assert(property, { seed, numRuns: 30 })
})

test('a page takes one read of the log', async () => {
  const log = numbered(5_000)
  for (const from of [1, 1_024, 1_025, 3_333, 4_001]) {
    log.reads = 0
    expect((await page(log, from, 1_000)).lines.length).toBe(1_000)
    expect(log.reads).toBe(1)
  }
})

test('a line that was cut is two in a page, wherever the page begins', async () => {
  const log = numbered(10)
  log.write(`${'x'.repeat(MAX_LINE_BYTES)}y\nlast\n`)
  const all = [...Array.from({ length: 10 }, (_, i) => `line ${i + 1}`), 'x'.repeat(MAX_LINE_BYTES), 'y', 'last']
  for (let from = 1; from <= all.length; from++) {
    expect((await page(log, from, 20)).lines.map(({ text }) => shown(text))).toEqual(all.slice(from - 1).map(shown))
    expect((await page(log, from, 1)).lines.map(({ text }) => shown(text))).toEqual(
      all.slice(from - 1, from).map(shown),
    )
  }
})

test('a log that has become shorter than it was gives the lines it still has', async () => {
  const log = numbered(3_000)
  const end = log.feed.index.beforeLine(2_500)
  truncateSync(log.path, end.offset)
  expect((await page(log, 1_500, 1_500)).lines.at(-1)).toMatchObject({ number: end.line - 1 })
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
