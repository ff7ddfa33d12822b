import { isUtf8 } from 'node:buffer'
import { type LinesEvent, MAX_EVENT_BYTES } from '@tailgate/shared'
import { decodeLines } from '../lines/decode-lines.ts'
import type { LinePosition, ReadAt } from '../lines/read-lines.ts'
import type { Delivery } from './delivery.ts'
import type { LineIndex } from './line-index.ts'
import { kindNumbers, type LineKinds } from './line-kinds.ts'
import type { StretchCache } from './stretch-cache.ts'

/**
 * A log's lines as viewers behind the live window get them: in stretches of several deliveries, each of which lies
 * between two places of the line index. So viewers that come by one after another need the same stretches, which are
 * read once, and their lines need not be counted. They are decoded only for who wants them as text.
 *
 * What the index cannot part into events (very long lines, the newest end) is for `readLines`.
 */

export type Stretch = {
  readonly deliveries: readonly Delivery[]
  /** Where the next one begins. */
  readonly end: LinePosition
}

export type StretchSource = {
  readonly runId: string
  readonly index: LineIndex
  readonly read: ReadAt
  readonly kinds: Pick<LineKinds, 'readBytes'>
  readonly cache: StretchCache
}

/** Events in one stretch at the most: what is asked of the disk at once. */
const MAX_STRETCH_EVENTS = 4

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
  return await source.cache.get(key, last.offset - from.offset, () => load(source, generation, from, ends))
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
  { runId, read, kinds }: StretchSource,
  generation: number,
  from: LinePosition,
  ends: readonly LinePosition[],
): Promise<Stretch | null> {
  const last = ends.at(-1) ?? from
  const [bytes, marks] = await Promise.all([
    readWhole(read, from.offset, last.offset),
    kinds.readBytes(from.line, last.line - from.line),
  ])
  if (bytes === null) return null
  const deliveries: Delivery[] = []
  let start = from
  for (const end of ends) {
    const piece = bytes.subarray(start.offset - from.offset, end.offset - from.offset)
    // Not whole lines: the end of a log that went on after all.
    if (piece[piece.length - 1] !== LF) break
    const cursor = { runId, generation, offset: end.offset, ended: false }
    deliveries.push(linesDelivery(cursor, piece, start, marks.subarray(start.line - from.line, end.line - from.line)))
    start = end
  }
  return deliveries.length === 0 ? null : { deliveries, end: start }
}

/** Lines that become text when somebody asks for them as text. */
function linesDelivery(cursor: Delivery['cursor'], bytes: Buffer, at: LinePosition, marks: Uint8Array): Delivery {
  let event: LinesEvent | null = null
  const isPlain = isUtf8(bytes) && !bytes.includes(CR) && !bytes.includes(NUL)
  return {
    cursor,
    ...(isPlain ? { plain: bytes } : {}),
    get event() {
      if (event === null) {
        const kinds = kindNumbers(at.line, marks)
        const lines = { first: at.line, start: at.offset, next: cursor.offset, text: decodeLines(bytes) }
        event = { type: 'lines', ...lines, ...(kinds === null ? {} : { kinds }) }
      }
      return event
    },
  }
}

async function readWhole(read: ReadAt, start: number, end: number): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafeSlow(end - start)
  for (let length = 0; length < buffer.length; ) {
    const count = await read(buffer.subarray(length), start + length)
    if (count === 0) return null
    length += count
  }
  return buffer
}
