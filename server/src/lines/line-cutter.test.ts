import { MAX_EVENT_BYTES, MAX_LINE_BYTES } from '@tailgate/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LineBatch, LineCutter } from './line-cutter.ts'
import { anyLog, chunkedLog, knownLines, linesOf, SMALL_BOUNDS } from './log-bytes.fixture.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`line-cutter.test.ts: fast-check seed ${seed}`)

/** Everything a cutter gives for these chunks, the unfinished line included. */
function cut(chunks: readonly Buffer[], cutter = new LineCutter(undefined, SMALL_BOUNDS)): LineBatch[] {
  const batches = chunks.flatMap((chunk) => cutter.push(chunk))
  const last = cutter.finish()
  return last === null ? batches : [...batches, last]
}

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text))
const texts = (batches: readonly LineBatch[]) => batches.flatMap(({ text }) => text)

describe('however the log is chunked', () => {
  test('its lines, their numbers and their cut marks are the same', () => {
    const property = fc.property(chunkedLog, (log) => {
      const known = knownLines(log.bytes, SMALL_BOUNDS)
      expect(linesOf(cut(log.chunks))).toEqual(known.map(({ number, text, cut }) => ({ number, text, cut })))
    })
    fc.assert(property, { seed, numRuns: 250 })
  })

  test('batches follow on each other, and begin where their first line does', () => {
    const property = fc.property(chunkedLog, (log) => {
      const known = knownLines(log.bytes, SMALL_BOUNDS)
      let next = 0
      for (const batch of cut(log.chunks)) {
        expect(batch.start).toBe(next)
        expect(batch.start).toBe(known[batch.first - 1]?.start)
        next = batch.next
      }
      expect(next).toBe(log.bytes.length)
    })
    fc.assert(property, { seed, numRuns: 250 })
  })

  test('a batch of several lines is never larger than an event', () => {
    const property = fc.property(chunkedLog, (log) => {
      for (const { start, next, text } of cut(log.chunks)) {
        expect(text.length).toBeGreaterThan(0)
        if (text.length > 1) expect(next - start).toBeLessThanOrEqual(SMALL_BOUNDS.maxBatchBytes)
      }
    })
    fc.assert(property, { seed, numRuns: 250 })
  })

  test('no more than a longest line is held back', () => {
    const property = fc.property(chunkedLog, (log) => {
      const cutter = new LineCutter(undefined, SMALL_BOUNDS)
      let pushed = 0
      for (const chunk of log.chunks) {
        cutter.push(chunk)
        pushed += chunk.length
        expect(cutter.heldBytes).toBeLessThanOrEqual(SMALL_BOUNDS.maxLineBytes)
        expect(cutter.position.offset + cutter.heldBytes).toBe(pushed)
      }
    })
    fc.assert(property, { seed, numRuns: 250 })
  })

  test('cutting from any line start on gives the same lines', () => {
    const property = fc.property(anyLog, fc.nat(), (log, pick) => {
      const known = knownLines(log, SMALL_BOUNDS)
      const from = known[pick % Math.max(known.length, 1)]
      if (from === undefined) return
      const cutter = new LineCutter({ offset: from.start, line: from.number }, SMALL_BOUNDS)
      const rest = known.slice(from.number - 1).map(({ number, text, cut }) => ({ number, text, cut }))
      expect(linesOf(cut([log.subarray(from.start)], cutter))).toEqual(rest)
    })
    fc.assert(property, { seed, numRuns: 250 })
  })
})

describe('at the edge of a chunk', () => {
  test('a character keeps its bytes together', () => {
    const euro = Buffer.from('prix: 10 €\n')
    expect(texts(cut([euro.subarray(0, 10), euro.subarray(10)]))).toEqual(['prix: 10 €'])
  })

  test('CRLF is one line end', () => {
    expect(texts(cut(bytes('a\r', '\nb\r', '\n')))).toEqual(['a', 'b'])
  })

  test('a CR inside a line stays', () => {
    expect(texts(cut(bytes('50%\r100%\n')))).toEqual(['50%\r100%'])
  })

  test('the pushed chunk may be overwritten afterwards', () => {
    const cutter = new LineCutter()
    const chunk = Buffer.from('half')
    cutter.push(chunk)
    chunk.fill('x')
    expect(cutter.push(Buffer.from('\n'))[0]?.text).toEqual(['half'])
  })
})

describe('bytes that are not UTF-8', () => {
  test('are read as Windows-1252, and only the lines that have them', () => {
    const log = Buffer.concat([Buffer.from('10 €\n'), Buffer.from([0x80, 0x20, 0xe9, 0x0a]), Buffer.from('20 €\n')])
    expect(texts(cut([log]))).toEqual(['10 €', '€ é', '20 €'])
  })

  test('count as bytes, not as characters', () => {
    const [batch] = new LineCutter().push(Buffer.from([0xe9, 0xe8, 0x0a]))
    expect(batch).toEqual({ first: 1, start: 0, next: 3, text: ['éè'], cut: [] })
  })
})

describe('a line that is too long', () => {
  test('is cut at the bound, and its pieces are marked but for the last', () => {
    const batches = cut([Buffer.alloc(40, 'x'), Buffer.from('\nnext\n')])
    expect(linesOf(batches)).toEqual([
      { number: 1, text: 'x'.repeat(16), cut: true },
      { number: 2, text: 'x'.repeat(16), cut: true },
      { number: 3, text: 'x'.repeat(8), cut: false },
      { number: 4, text: 'next', cut: false },
    ])
  })

  test('is cut before a character rather than inside it', () => {
    expect(texts(cut(bytes(`${'x'.repeat(14)}€uro\n`)))).toEqual(['x'.repeat(14), '€uro'])
  })

  test('is not cut when it just fits', () => {
    expect(linesOf(cut(bytes(`${'x'.repeat(16)}\n`)))).toEqual([{ number: 1, text: 'x'.repeat(16), cut: false }])
    expect(linesOf(cut(bytes('x'.repeat(16))))).toEqual([{ number: 1, text: 'x'.repeat(16), cut: false }])
  })

  test('is cut at MAX_LINE_BYTES unless told otherwise, and several lines fit MAX_EVENT_BYTES', () => {
    const log = Buffer.concat([Buffer.alloc(MAX_LINE_BYTES + 1, 'x'), Buffer.alloc(MAX_EVENT_BYTES + 1, '\n')])
    const sizes = new LineCutter().push(log).map(({ start, next, text }) => [next - start, text.length])
    expect(sizes).toEqual([
      [MAX_LINE_BYTES, 1],
      // The rest of the long line, and as many empty ones as there is room for.
      [MAX_EVENT_BYTES, MAX_EVENT_BYTES - 1],
      [2, 2],
    ])
  })
})

describe('the unfinished line', () => {
  test('is told as far as its characters are whole', () => {
    const cutter = new LineCutter()
    cutter.push(Buffer.from('....€').subarray(0, 5))
    expect(cutter.heldText()).toBe('....')
    expect(cutter.heldBytes).toBe(5)
  })

  test('is told without a CR that may belong to its end', () => {
    const cutter = new LineCutter()
    cutter.push(Buffer.from('done\r'))
    expect(cutter.heldText()).toBe('done')
  })

  test('is a line when the log is over', () => {
    const cutter = new LineCutter()
    cutter.push(Buffer.from('a\nr(601);\r'))
    expect(cutter.finish()).toEqual({ first: 2, start: 2, next: 10, text: ['r(601);'], cut: [] })
    expect(cutter.finish()).toBeNull()
    expect(cutter.position).toEqual({ offset: 10, line: 3 })
  })

  test('is not there after a line end, nor in an empty log', () => {
    const cutter = new LineCutter()
    expect(cutter.finish()).toBeNull()
    cutter.push(Buffer.from('a\n'))
    expect(cutter.finish()).toBeNull()
  })
})
