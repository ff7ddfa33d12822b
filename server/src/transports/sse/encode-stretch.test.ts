import { type Cursor, formatCursor, type LinesEvent, MAX_EVENT_BYTES } from '@tailgate/shared'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { BlockPool, INPUT_BYTES } from '../../feed/block-pool.ts'
import { type Piece, Stretch } from '../../feed/stretch.ts'
import { decodeLines } from '../../lines/decode-lines.ts'
import type { Chunk } from './chunk.ts'
import { createEventEncoders } from './event-encoder.ts'

const seed = Date.now()
console.log(`encode-stretch.test.ts: fast-check seed ${seed}`)

const encoders = createEventEncoders(() => 0)

const LINES = { plain: ['', 'a', '"quoted" \\ and é 漢', '.'.repeat(100)], odd: ['a\rb', 'crlf\r', 'nul \0'] }

/** Pieces of log bytes, whole lines each; some are not UTF-8. */
const pieceOfLog = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...LINES.plain), { minLength: 1, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...LINES.plain, ...LINES.odd), { minLength: 1, maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant([null]) },
)
const bytesOf = (lines: readonly (string | null)[]) =>
  Buffer.concat(lines.map((line) => (line === null ? Buffer.from([0x67, 0xf6, 0x0a]) : Buffer.from(`${line}\n`))))

/** A stretch made of these, with the same as events. */
function stretchOf(pool: BlockPool, parts: readonly Buffer[], kinds: Piece['kinds'] = null) {
  const block = pool.take()
  if (block === null) throw new Error('no block is free')
  onTestFinished(() => block[Symbol.dispose]())
  const pieces: Piece[] = []
  const events: { cursor: Cursor; event: LinesEvent }[] = []
  let [offset, first] = [1_000, 7]
  let start = block.input
  for (const bytes of parts) {
    bytes.copy(block.kernel.memory, start)
    const text = decodeLines(bytes)
    const next = offset + bytes.length
    const cursor = { runId: 'r1', generation: 2, offset: next, ended: false }
    pieces.push({ cursor, first, start, end: start + bytes.length, kinds })
    events.push({ cursor, event: { type: 'lines', first, start: offset, next, text, ...(kinds && { kinds }) } })
    start += bytes.length
    offset = next
    first += text.length
  }
  return { stretch: new Stretch(block, pieces, { offset, line: first }), events, block }
}

/** What is written for a stretch, each chunk copied before the next is made. */
function written(format: 'text' | 'json', stretch: Stretch): { bytes: Buffer; sizes: number[] } {
  const bodies: Buffer[] = []
  const take = (chunk: Chunk) => {
    const head = `${chunk.body.length.toString(16)}\r\n`
    const framed = chunk.framed.toString('latin1').replace(/^0+/, '')
    expect(framed).toBe(`${head}${chunk.body.toString('latin1')}\r\n`)
    bodies.push(Buffer.from(chunk.body))
  }
  const chunks = encoders[format].encodeStretch(stretch)
  let step = chunks.next()
  for (; !step.done; step = chunks.next()) take(step.value)
  if (step.value !== null) take(step.value)
  return { bytes: Buffer.concat(bodies), sizes: bodies.map(({ length }) => length) }
}

test.each(['text', 'json'] as const)('a stretch in %s is on the wire what its lines are as events', (format) => {
  fc.assert(
    fc.property(fc.array(pieceOfLog, { minLength: 1, maxLength: 8 }), fc.boolean(), (parts, marked) => {
      const kinds = marked ? { command: [7, 9] } : null
      const { stretch, events, block } = stretchOf(new BlockPool(), parts.map(bytesOf), kinds)
      const asEvents = events.map((delivery) => encoders[format].encode(delivery)?.body ?? Buffer.alloc(0))
      expect(written(format, stretch).bytes.toString()).toBe(Buffer.concat(asEvents).toString())
      block[Symbol.dispose]()
    }),
    { seed, numRuns: 200 },
  )
})

test.each(['text', 'json'] as const)('a full stretch of ordinary lines is one chunk in %s', (format) => {
  const line = `${'x'.repeat(61)}\n`
  const piece = Buffer.from(line.repeat(Math.floor(MAX_EVENT_BYTES / line.length)))
  const parts = Array.from({ length: INPUT_BYTES / MAX_EVENT_BYTES }, () => piece)
  const { stretch } = stretchOf(new BlockPool(), parts)
  expect(written(format, stretch).sizes).toHaveLength(1)
})

test.each(['text', 'json'] as const)('lines that grow most when encoded take several chunks in %s', (format) => {
  const parts = Array.from({ length: INPUT_BYTES / MAX_EVENT_BYTES }, (_, i) =>
    Buffer.from(i % 2 === 0 ? '\n'.repeat(MAX_EVENT_BYTES) : `${'\x01'.repeat(MAX_EVENT_BYTES - 1)}\n`),
  )
  const { stretch, events } = stretchOf(new BlockPool(), parts)
  const { bytes, sizes } = written(format, stretch)
  expect(sizes.length).toBeGreaterThan(1)
  const asEvents = events.map((delivery) => encoders[format].encode(delivery)?.body ?? Buffer.alloc(0))
  expect(bytes.equals(Buffer.concat(asEvents))).toBe(true)
})

test('each piece in text has the cursor that stands behind it', () => {
  const { stretch, events } = stretchOf(new BlockPool(), [Buffer.from('a\n'), Buffer.from('b\nc\n')])
  const [one, two] = events.map(({ cursor }) => formatCursor(cursor))
  expect(written('text', stretch).bytes.toString()).toBe(`id: ${one}\ndata: a\n\nid: ${two}\ndata: b\ndata: c\n\n`)
})
