import type { SearchPage } from '@tailgate/shared'
import { type LinePosition, type ReadAt, readLines } from '../lines/read-lines.ts'
import type { LineIndex } from './line-index.ts'
import { createLineMatcher, type LineMatcher } from './line-matcher.ts'

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
  readonly ignoreCase: boolean
  readonly direction: 'forward' | 'backward'
  /** 1-based line to begin at; undefined for the first, or backward the last. */
  readonly from: number | undefined
  /** 1-based line to end at; undefined for the last, or backward the first. */
  readonly to: number | undefined
  /** 0 to count only. */
  readonly limit: number
  readonly signal: AbortSignal
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** Bytes looked through at once, about: for the worst of texts in the worst of logs that takes 20 ms. */
export const BLOCK_BYTES = 512 * 1024
/** A search that takes longer answers with what it has; the caller goes on from `scannedTo`. */
const TIME_LIMIT_MS = 2_000
/** The most text of one matching line that is given back, in characters. */
const MATCH_TEXT_LENGTH = 2_000
/** Of a longer line, the part from so many characters before the match is given. */
const CONTEXT_LENGTH = 200

export async function searchLog(options: SearchOptions): Promise<SearchPage> {
  const matcher = createLineMatcher(options.query, options.ignoreCase)
  return options.direction === 'forward'
    ? await searchForward(options, matcher)
    : await searchBackward(options, matcher)
}

async function searchForward(options: SearchOptions, matcher: LineMatcher): Promise<SearchPage> {
  const { read, index, bytes, lines, from = 1, to = lines, limit, signal, now } = options
  const last = Math.min(to, lines)
  const deadline = now() + TIME_LIMIT_MS
  const matches: SearchPage['matches'] = []
  const buffer = Buffer.allocUnsafe(BLOCK_BYTES)
  let count = 0
  let at: LinePosition = index.beforeLine(from)
  const answer = (scannedTo: number): SearchPage => {
    return { matches, count, scannedTo, total: lines, complete: scannedTo >= last }
  }

  while (at.line <= last && at.offset < bytes) {
    if (signal.aborted || now() > deadline) return answer(Math.max(at.line - 1, from - 1))
    const length = await read(buffer.subarray(0, Math.min(BLOCK_BYTES, bytes - at.offset)), at.offset)
    if (length === 0) break
    const hit = matcher.firstHit(buffer.subarray(0, length))
    const blockEnd = at.offset + length
    if (hit === -1 && blockEnd >= bytes) break
    // A match may lie across the edge of the block, so the next one begins at a line that begins in this one.
    const near = index.beforeOffset(hit === -1 ? blockEnd : at.offset + hit)
    const isFurther = near.offset > at.offset
    if (isFurther) at = near
    if (hit === -1 && isFurther) continue
    const batch = await readLines(read, at, bytes)
    if (batch === null) break
    for (const [i, text] of batch.text.entries()) {
      const number = batch.first + i
      const start = number < from || number > last ? -1 : matcher.indexIn(text)
      if (start === -1) continue
      count += 1
      if (limit > 0) matches.push({ number, text: partAround(text, start, options.query.length) })
      if (matches.length === limit && limit > 0) return answer(number)
    }
    at = { line: batch.first + batch.text.length, offset: batch.next }
  }
  return answer(Math.max(last, Math.min(from - 1, lines)))
}

/** Block before block, each from one indexed line to the next; within a block its lines are read as they come. */
async function searchBackward(options: SearchOptions, matcher: LineMatcher): Promise<SearchPage> {
  const { read, index, lines, from = lines, to = 1, limit, signal, now } = options
  const first = Math.min(from, lines)
  const deadline = now() + TIME_LIMIT_MS
  const matches: SearchPage['matches'] = []
  let count = 0
  let end = await behindLine(options, first)
  const answer = (scannedTo: number): SearchPage => {
    return { matches, count, scannedTo, total: lines, complete: scannedTo <= to }
  }

  while (end.line > to) {
    if (signal.aborted || now() > deadline) return answer(end.line)
    const start = index.beforeOffset(Math.min(Math.max(0, end.offset - BLOCK_BYTES), end.offset - 1))
    const block = Buffer.allocUnsafe(end.offset - start.offset)
    const length = await read(block, start.offset)
    if (length < block.length) break
    if (matcher.firstHit(block) !== -1) {
      const found = await matchesBetween(options, matcher, start, end, { first: to, last: first })
      for (const match of found.reverse()) {
        count += 1
        if (limit > 0) matches.push(match)
        if (matches.length === limit && limit > 0) return answer(match.number)
      }
    }
    end = start
  }
  return answer(Math.min(to, first + 1))
}

async function matchesBetween(
  { read, query }: SearchOptions,
  matcher: LineMatcher,
  start: LinePosition,
  end: LinePosition,
  lines: { readonly first: number; readonly last: number },
): Promise<SearchPage['matches']> {
  const matches: SearchPage['matches'] = []
  for (let at = start; at.offset < end.offset; ) {
    const batch = await readLines(read, at, end.offset)
    if (batch === null) break
    for (const [i, text] of batch.text.entries()) {
      const number = batch.first + i
      const found = number < lines.first || number > lines.last ? -1 : matcher.indexIn(text)
      if (found !== -1) matches.push({ number, text: partAround(text, found, query.length) })
    }
    at = { line: batch.first + batch.text.length, offset: batch.next }
  }
  return matches
}

/** The start of a line close behind this one. */
async function behindLine({ read, index, bytes }: SearchOptions, line: number): Promise<LinePosition> {
  let at: LinePosition = index.beforeLine(line)
  while (at.line <= line) {
    const batch = await readLines(read, at, bytes)
    if (batch === null) break
    at = { line: batch.first + batch.text.length, offset: batch.next }
  }
  return at
}

/** As much of a line as is given back, and the match in it. */
function partAround(text: string, at: number, length: number): string {
  const start = at + length <= MATCH_TEXT_LENGTH ? 0 : at - CONTEXT_LENGTH
  return text.slice(start, start + MATCH_TEXT_LENGTH)
}
