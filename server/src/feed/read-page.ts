import { formatCursor, type LinesPage, MAX_LINE_BYTES } from '@tailgate/shared'
import { decodeLines } from '../lines/decode-lines.ts'
import { CHARACTER_BYTES } from '../lines/line-cutter.ts'
import { readLines } from '../lines/read-lines.ts'
import type { LineKinds } from './line-kinds.ts'
import type { RunFeed } from './run-feed.ts'

export type PageQuery = {
  /** 1-based line to begin at. */
  readonly from: number
  readonly count: number
  /** Of each line at most this many characters. */
  readonly maxChars: number
}

type PageLine = LinesPage['lines'][number]

/** Characters of text in one page, about: a page of very long lines has fewer of them than were asked for. */
const PAGE_CHARS = 8 * 1024 * 1024
/** Bytes read for one page, about, when only the beginnings of its lines are wanted. */
const PAGE_READ_BYTES = 64 * 1024 * 1024
/** In no more bytes than this there can be no line that is cut. */
const UNCUT_BYTES = MAX_LINE_BYTES - CHARACTER_BYTES

const LF = 0x0a

/** A page of lines by number, with what each line is; all of one generation of the log. */
export async function readPage(feed: RunFeed, kinds: LineKinds, query: PageQuery): Promise<LinesPage> {
  const { from, count, maxChars } = query
  const { bytes, lines: total, generation } = feed
  const last = Math.min(total, from + count - 1)
  const [marks, atOnce] = await Promise.all([kinds.read(from, last - from + 1), readAtOnce(feed, from, last)])
  const texts = atOnce ?? (await readBatches(feed, from, last, maxChars))
  if (feed.generation !== generation) return await readPage(feed, kinds, query)
  const lines: PageLine[] = []
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] ?? ''
    const mark = marks[i]
    const line: PageLine = { number: from + i, text: text.slice(0, maxChars), kind: mark?.kind ?? 'output' }
    if (mark?.cut) line.cut = true
    if (text.length > maxChars) line.chars = text.length
    lines.push(line)
  }
  const cursor = formatCursor({ runId: feed.runId, generation, offset: bytes, ended: false })
  return { lines, total, generation, cursor, complete: feed.end !== null }
}

/**
 * The text of lines by one read, from the index entry before them to the one after them; null where that would be too
 * much, or they are not whole lines.
 */
async function readAtOnce(feed: RunFeed, from: number, last: number): Promise<string[] | null> {
  const { index, read, bytes } = feed
  if (last < from) return []
  const start = index.beforeLine(from)
  const length = (index.afterLine(last)?.offset ?? bytes) - start.offset
  if (length > UNCUT_BYTES) return null
  const buffer = Buffer.allocUnsafe(length)
  const count = await read(buffer, start.offset)
  if (count < length || buffer[length - 1] !== LF) return null
  return decodeLines(buffer).slice(from - start.line, last + 1 - start.line)
}

/** The same by as many reads as it takes; fewer lines where all would be too much for a page. */
async function readBatches(feed: RunFeed, from: number, last: number, maxChars: number): Promise<string[]> {
  const { index, read, bytes } = feed
  const texts: string[] = []
  let at: { line: number; offset: number } = index.beforeLine(from)
  let chars = 0
  let bytesRead = 0
  while (at.line <= last && chars < PAGE_CHARS && bytesRead < PAGE_READ_BYTES) {
    const batch = await readLines(read, at, bytes)
    if (batch === null) break
    at = { line: batch.first + batch.text.length, offset: batch.next }
    if (at.line > from) bytesRead += batch.next - batch.start
    for (const text of batch.text.slice(Math.max(0, from - batch.first), last + 1 - batch.first)) {
      chars += Math.min(text.length, maxChars)
      texts.push(text)
    }
  }
  return texts
}
