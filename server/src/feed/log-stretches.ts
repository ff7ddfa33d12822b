import { isUtf8 } from 'node:buffer'
import { type LinesEvent, MAX_EVENT_BYTES } from '@tailgate/shared'
import { decodeLines } from '../lines/decode-lines.ts'
import type { LinePosition, ReadAt } from '../lines/read-lines.ts'
import type { Delivery } from './delivery.ts'
import type { LineIndex } from './line-index.ts'
import { kindNumbers, type LineKinds } from './line-kinds.ts'
import { MAX_STRETCH_EVENTS, type Stretch, type StretchCache } from './stretch-cache.ts'

/**
 * A log's lines as viewers behind the live window get them: in stretches of several deliveries, each of which lies
 * between two places of the line index. So viewers that come by one after another need the same stretches, which are
 * read once, and their lines need not be counted. They are decoded only for who wants them as text.
 *
 * What the index cannot part into events (very long lines, the newest end) is for `readLines`.
 */

export type StretchSource = {
  readonly runId: string
  readonly index: LineIndex
  readonly read: ReadAt
  readonly kinds: Pick<LineKinds, 'readBytes'>
  readonly cache: StretchCache
}

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00

/**
 * The stretch that begins at a place and ends at `limit` at the latest; null when there is none, or the file is shorter
 * than it should be.
 */
export async function readStretch(
  source: StretchSource,
  generation: number,
  from: LinePosition,
  limit: number,
): Promise<Stretch | null> {
  const ends = eventEnds(source.index, from.offset, limit)
  const last = ends.at(-1)
  if (last === undefined) return null
  const key = `${source.runId}:${generation}:${from.offset}:${last.offset}`
  const size = { bytes: last.offset - from.offset, lines: last.line - from.line }
  return await source.cache.get(key, size, () => load(source, generation, from, ends))
}

/** Places of the index that part what follows `offset` into events. */
function eventEnds(index: LineIndex, offset: number, limit: number): LinePosition[] {
  const ends: LinePosition[] = []
  for (let at = offset; ends.length < MAX_STRETCH_EVENTS; ) {
    const end = index.beforeOffset(Math.min(at + MAX_EVENT_BYTES, limit))
    if (end.offset <= at) break
    ends.push(end)
    at = end.offset
  }
  return ends
}

async function load(
  { runId, read, kinds, cache }: StretchSource,
  generation: number,
  from: LinePosition,
  ends: readonly LinePosition[],
): Promise<Stretch | null> {
  const last = ends.at(-1) ?? from
  using buffer = cache.borrow(last.offset - from.offset)
  const [isWhole, marks] = await Promise.all([
    readWhole(read, buffer.bytes, from.offset),
    kinds.readBytes(from.line, last.line - from.line),
  ])
  if (!isWhole) return null
  const deliveries: Delivery[] = []
  let start = from
  for (const end of ends) {
    const bytes = buffer.bytes.subarray(start.offset - from.offset, end.offset - from.offset)
    // Not whole lines: the end of a log that went on after all.
    if (bytes[bytes.length - 1] !== LF) break
    const cursor = { runId, generation, offset: end.offset, ended: false }
    deliveries.push(linesDelivery(cursor, bytes, start, marks.subarray(start.line - from.line, end.line - from.line)))
    start = end
  }
  return deliveries.length === 0 ? null : { deliveries, ends: ends.slice(0, deliveries.length) }
}

/** Lines that become text when somebody asks for them as text; of `bytes` it keeps a copy. */
function linesDelivery(cursor: Delivery['cursor'], bytes: Buffer, at: LinePosition, marks: Uint8Array): Delivery {
  const isPlain = isUtf8(bytes) && !bytes.includes(CR) && !bytes.includes(NUL)
  // A string, not a buffer: megabytes of buffers a second make V8 collect all of its heap time and again.
  const latin1 = bytes.toString('latin1')
  let event: LinesEvent | null = null
  return {
    cursor,
    ...(isPlain ? { plain: latin1 } : {}),
    get event() {
      if (event === null) {
        const kinds = kindNumbers(at.line, marks)
        const text = decodeLines(Buffer.from(latin1, 'latin1'))
        const lines = { first: at.line, start: at.offset, next: cursor.offset, text }
        event = { type: 'lines', ...lines, ...(kinds === null ? {} : { kinds }) }
      }
      return event
    },
  }
}

/** Fills the buffer from a place on; false when the file is shorter. */
async function readWhole(read: ReadAt, buffer: Buffer, start: number): Promise<boolean> {
  for (let length = 0; length < buffer.length; ) {
    const count = await read(buffer.subarray(length), start + length)
    if (count === 0) return false
    length += count
  }
  return true
}
