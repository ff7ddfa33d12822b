import { MAX_LINE_BYTES } from '@tailgate/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LineBatch, LineCutter } from './line-cutter.ts'
import { anyLog, chunkedLog, knownLines, linesOf, readsOf, SMALL_BOUNDS } from './log-bytes.fixture.ts'
import { type LinePosition, locateOffset, locateTail, type ReadAt, readLines } from './read-lines.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`read-lines.test.ts: fast-check seed ${seed}`)

async function readAll(read: ReadAt, from: LinePosition, limit: number): Promise<LineBatch[]> {
  const batches: LineBatch[] = []
  for (let at = from; ; ) {
    const batch = await readLines(read, at, limit, SMALL_BOUNDS)
    if (batch === null) return batches
    batches.push(batch)
    at = { offset: batch.next, line: batch.first + batch.text.length }
  }
}

describe('reading lines again', () => {
  test('gives what was cut live: numbers, offsets, text and cut marks, up to every place that was told', async () => {
    const property = fc.asyncProperty(chunkedLog, fc.integer({ min: 1, max: 20 }), async ({ bytes, chunks }, most) => {
      const cutter = new LineCutter(undefined, SMALL_BOUNDS)
      const live: LineBatch[] = []
      let written = 0
      for (const chunk of chunks) {
        written += chunk.length
        live.push(...cutter.push(chunk))
        // The file holds what was written so far; viewers may read up to the last batch.
        const read = readsOf(bytes.subarray(0, written), most)
        const again = await readAll(read, { offset: 0, line: 1 }, cutter.position.offset)
        expect(linesOf(again)).toEqual(linesOf(live))
      }
      const last = cutter.finish()
      if (last !== null) live.push(last)
      const again = await readAll(readsOf(bytes, most), { offset: 0, line: 1 }, bytes.length)
      expect(linesOf(again)).toEqual(linesOf(live))
    })
    await fc.assert(property, { seed, numRuns: 60 })
  })

  test('never goes beyond the limit', async () => {
    const property = fc.asyncProperty(anyLog, fc.nat(), async (bytes, pick) => {
      const known = knownLines(bytes, SMALL_BOUNDS)
      const count = pick % (known.length + 1)
      const limit = known[count]?.start ?? bytes.length
      const batches = await readAll(readsOf(bytes), { offset: 0, line: 1 }, limit)
      expect(batches.at(-1)?.next ?? 0).toBe(limit)
      expect(linesOf(batches)).toEqual(known.slice(0, count).map(({ number, text, cut }) => ({ number, text, cut })))
    })
    await fc.assert(property, { seed, numRuns: 300 })
  })

  test('gives nothing at the limit, and nothing of a file that is shorter than it should be', async () => {
    const bytes = Buffer.from('one\ntwo')
    expect(await readLines(readsOf(bytes), { offset: 4, line: 2 }, 4)).toBeNull()
    expect(await readLines(readsOf(bytes), { offset: 4, line: 2 }, 20)).toBeNull()
  })

  test('finds the end of a line of a megabyte, and marks it cut only when it goes on', async () => {
    const line = Buffer.alloc(MAX_LINE_BYTES, 'x')
    const start = { offset: 0, line: 1 }
    const whole = await readLines(readsOf(Buffer.concat([line, Buffer.from('\n')])), start, MAX_LINE_BYTES + 1)
    expect(whole).toMatchObject({ next: MAX_LINE_BYTES + 1, cut: [] })
    const piece = await readLines(readsOf(Buffer.concat([line, Buffer.from('y\n')])), start, MAX_LINE_BYTES)
    expect(piece).toMatchObject({ next: MAX_LINE_BYTES, cut: [1] })
  })
})

describe('locating an offset', () => {
  test('finds the line it begins or lies in, from any line start before it, in cut lines too', async () => {
    const property = fc.asyncProperty(anyLog, fc.nat(), fc.nat(), async (bytes, pickOffset, pickFrom) => {
      const known = knownLines(bytes, SMALL_BOUNDS)
      if (bytes.length === 0) return
      const offset = pickOffset % bytes.length
      const line = known.findLast(({ start }) => start <= offset)
      const from = known[pickFrom % (line?.number ?? 1)]
      const position = { offset: from?.start ?? 0, line: from?.number ?? 1 }
      const located = await locateOffset(readsOf(bytes, 7), position, offset, SMALL_BOUNDS)
      expect(located).toEqual({ offset: line?.start, line: line?.number })
    })
    await fc.assert(property, { seed, numRuns: 300 })
  })

  test('gives the place it started from for that very offset', async () => {
    const place = { offset: 4, line: 2 }
    expect(await locateOffset(readsOf(Buffer.from('one\ntwo\n')), place, 4)).toEqual(place)
  })

  test('gives the start of the unfinished last line at the end of the log', async () => {
    const bytes = Buffer.from('one\ntwo')
    expect(await locateOffset(readsOf(bytes), { offset: 0, line: 1 }, 7)).toEqual({ offset: 4, line: 2 })
  })
})

describe('locating the last lines', () => {
  test('gives where as many lines as asked for begin', async () => {
    const property = fc.asyncProperty(anyLog, fc.nat(40), async (bytes, count) => {
      const starts = knownLines(bytes, { maxLineBytes: 1e9, maxBatchBytes: 1e9 }).map(({ start }) => start)
      const expected = count === 0 ? bytes.length : (starts[Math.max(0, starts.length - count)] ?? 0)
      expect(await locateTail(readsOf(bytes), bytes.length, count)).toBe(expected)
    })
    await fc.assert(property, { seed, numRuns: 300 })
  })

  test.each([65_534, 65_535, 65_536, 65_537, 131_072])('works across blocks: lines of %i bytes', async (length) => {
    const line = Buffer.concat([Buffer.alloc(length - 1, 'x'), Buffer.from('\n')])
    const log = Buffer.concat([line, line, line])
    const offsets = await Promise.all([1, 2, 3, 4].map((count) => locateTail(readsOf(log), log.length, count)))
    expect(offsets).toEqual([2 * length, length, 0, 0])
  })

  test('ignores what lies beyond the end it is given', async () => {
    expect(await locateTail(readsOf(Buffer.from('one\ntwo\nthree\n')), 8, 1)).toBe(4)
  })
})
