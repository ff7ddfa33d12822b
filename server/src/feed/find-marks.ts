import { isMark, type LineKind, type Mark, type MarkKind, type MarksPage } from '@tailgate/shared'
import type { LineBatch } from '../lines/line-cutter.ts'
import { readLines } from '../lines/read-lines.ts'
import { kindCode, kindOfByte, type LineKinds } from './line-kinds.ts'
import type { RunFeed } from './run-feed.ts'

/**
 * The commands or errors of a log, from a line on, forward or backward. The kinds of lines are looked through, a byte a
 * line; only of what is found the text is read.
 */

export type MarksQuery = {
  readonly kind: MarkKind
  /** 1-based line to begin at; undefined for the first, or backward the last. */
  readonly from: number | undefined
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  readonly signal: AbortSignal
  /** Lines whose kinds are looked through at once; default BLOCK_LINES. */
  readonly blockLines?: number
}

const BLOCK_LINES = 64 * 1024

/** The most text of a mark that is given back, in characters. */
const MARK_TEXT_LENGTH = 500

/** Lines of these kinds belong to the mark that they follow. */
const EXTENDS: Readonly<Record<MarkKind, LineKind>> = { command: 'continuation', error: 'error' }

type Span = { readonly number: number; readonly lines: number }

export async function findMarks(feed: RunFeed, kinds: LineKinds, query: MarksQuery): Promise<MarksPage> {
  const { generation, lines: total } = feed
  const { kind, limit, direction, signal, blockLines = BLOCK_LINES } = query
  const forward = direction === 'forward'
  const from = query.from ?? (forward ? 1 : total)
  const lineText = createTextReader(feed)
  const marks: Mark[] = []
  let scannedTo = forward ? Math.min(from - 1, total) : Math.min(from, total) + 1
  const spans = forward
    ? spansForward(kinds, kind, from, total, blockLines)
    : spansBackward(kinds, kind, Math.min(from, total), blockLines)
  for await (const { found, scanned } of spans) {
    for (const span of found) {
      const before = span.number > 1 ? await lineText(span.number - 1) : ''
      const text = await lineText(span.number)
      if (!isMark(kind, text, before)) continue
      marks.push({ ...span, text: text.slice(0, MARK_TEXT_LENGTH) })
      if (marks.length === limit) break
    }
    const last = marks.at(-1)
    const isFull = marks.length === limit && last !== undefined
    scannedTo = !isFull ? scanned : forward ? last.number + last.lines - 1 : last.number
    if (isFull || signal.aborted) break
  }
  if (feed.generation !== generation) return await findMarks(feed, kinds, query)
  return { marks, scannedTo, total, generation, complete: forward ? scannedTo >= total : scannedTo <= 1 }
}

/** What a block of lines holds, in the order asked for, and its last line in that order. */
type Spans = AsyncGenerator<{ found: Span[]; scanned: number }>

async function* spansForward(kinds: LineKinds, kind: MarkKind, from: number, total: number, blockLines: number): Spans {
  const own = kindCode(kind)
  const extension = kindCode(EXTENDS[kind])
  // A line in the middle of a message begins nothing.
  let before = kindOfByte((await kinds.readBytes(from - 1, from > 1 ? 1 : 0))[0])
  let open: Span | null = null
  for (let first = from; first <= total; first += blockLines) {
    const bytes = await kinds.readBytes(first, Math.min(blockLines, total - first + 1))
    const found: Span[] = []
    for (let i = 0; i < bytes.length; i++) {
      const code = kindOfByte(bytes[i])
      if (open !== null && code === extension) {
        open = { number: open.number, lines: open.lines + 1 }
      } else {
        if (open !== null) found.push(open)
        open = code === own && (kind === 'command' || before !== own) ? { number: first + i, lines: 1 } : null
      }
      before = code
    }
    const scanned = first + bytes.length - 1
    if (open !== null && scanned >= total) found.push(open)
    yield { found, scanned }
  }
}

async function* spansBackward(kinds: LineKinds, kind: MarkKind, from: number, blockLines: number): Spans {
  const own = kindCode(kind)
  const extension = kindCode(EXTENDS[kind])
  let following = 0
  for (let last = from; last >= 1; last -= blockLines) {
    const first = Math.max(1, last - blockLines + 1)
    // One line more, which tells whether the first of them begins its message.
    const bytes = await kinds.readBytes(Math.max(1, first - 1), last - Math.max(1, first - 1) + 1)
    const offset = first === 1 ? 0 : 1
    const found: Span[] = []
    for (let i = bytes.length - 1; i >= offset; i--) {
      const code = kindOfByte(bytes[i])
      const begins = code === own && (kind === 'command' || i === 0 || kindOfByte(bytes[i - 1]) !== own)
      if (begins) found.push({ number: first + i - offset, lines: following + 1 })
      following = !begins && code === extension ? following + 1 : 0
    }
    yield { found, scanned: first }
  }
}

/** Reads single lines; neighbours come from one reading of the file. */
function createTextReader(feed: RunFeed): (number: number) => Promise<string> {
  let batch: LineBatch | null = null
  return async (number) => {
    while (batch === null || number < batch.first || number >= batch.first + batch.text.length) {
      const indexed = feed.index.beforeLine(number)
      const isNear = batch !== null && batch.first + batch.text.length > indexed.line && number > batch.first
      const at: { line: number; offset: number } =
        batch !== null && isNear ? { line: batch.first + batch.text.length, offset: batch.next } : indexed
      batch = await readLines(feed.read, at, feed.bytes)
      // The log is shorter than it was.
      if (batch === null) return ''
    }
    return batch.text[number - batch.first] ?? ''
  }
}
