import type { SearchPage } from '@tailgate/shared'
import { type ReadAt, readLines } from '../lines/read-lines.ts'
import type { LineIndex } from './line-index.ts'

/**
 * Literal search through a log, in blocks with a breath between them, so that it never holds the event loop; bounded
 * in matches and in time, and saying how far it came.
 */

export type SearchOptions = {
  readonly read: ReadAt
  readonly index: LineIndex
  /** Bytes and complete lines of the log. */
  readonly bytes: number
  readonly lines: number
  readonly query: string
  /** 1-based line to begin at. */
  readonly from: number
  readonly limit: number
  readonly signal: AbortSignal
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Bytes looked through at once. */
const BLOCK_BYTES = 1024 * 1024
/** A search that takes longer answers with what it has; the caller goes on from `scannedTo`. */
const TIME_LIMIT_MS = 2_000
/** The most text of one matching line that is given back, in characters. */
const MATCH_TEXT_LENGTH = 2_000

export async function searchLog(options: SearchOptions): Promise<SearchPage> {
  const { read, index, bytes, lines, query, from, limit, signal, now } = options
  const needle = Buffer.from(query)
  const deadline = now() + TIME_LIMIT_MS
  const matches: SearchPage['matches'] = []
  const buffer = Buffer.allocUnsafe(BLOCK_BYTES)
  let at = index.beforeLine(from)
  const answer = (scannedTo: number, complete: boolean): SearchPage => ({ matches, scannedTo, total: lines, complete })

  while (at.offset < bytes) {
    if (signal.aborted || now() > deadline) return answer(Math.max(at.line - 1, from - 1), false)
    const count = await read(buffer.subarray(0, Math.min(BLOCK_BYTES, bytes - at.offset)), at.offset)
    if (count === 0) break
    const hit = buffer.subarray(0, count).indexOf(needle)
    const blockEnd = at.offset + count
    if (hit === -1) {
      // The next block begins at an indexed line near this one's end, so a match across the edge is not missed.
      const next = index.beforeOffset(blockEnd)
      at =
        blockEnd >= bytes
          ? { line: lines + 1, offset: bytes }
          : next.offset > at.offset
            ? next
            : await step(read, at, bytes)
      continue
    }
    const entry = index.beforeOffset(at.offset + hit)
    if (entry.offset > at.offset) at = entry
    const batch = await readLines(read, at, bytes)
    if (batch === null) break
    for (const [i, text] of batch.text.entries()) {
      const number = batch.first + i
      if (number < from || !text.includes(query)) continue
      matches.push({ number, text: text.slice(0, MATCH_TEXT_LENGTH) })
      if (matches.length === limit) return answer(number, number === lines)
    }
    at = { line: batch.first + batch.text.length, offset: batch.next }
  }
  return answer(lines, true)
}

async function step(read: ReadAt, at: { line: number; offset: number }, bytes: number) {
  const batch = await readLines(read, at, bytes)
  return batch === null
    ? { line: at.line, offset: bytes }
    : { line: batch.first + batch.text.length, offset: batch.next }
}
