import { formatCursor, type LinesPage } from '@tailgate/shared'
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

/** Characters of text in one page, about: a page of very long lines has fewer of them than were asked for. */
const PAGE_CHARS = 8 * 1024 * 1024
/** Bytes read for one page, about, when only the beginnings of its lines are wanted. */
const PAGE_READ_BYTES = 64 * 1024 * 1024

/** A page of lines by number, with what each line is; all of one generation of the log. */
export async function readPage(feed: RunFeed, kinds: LineKinds, query: PageQuery): Promise<LinesPage> {
  const { from, count, maxChars } = query
  const { bytes, lines: total, generation } = feed
  const last = Math.min(total, from + count - 1)
  const marks = await kinds.read(from, last - from + 1)
  const lines: LinesPage['lines'] = []
  let at: { line: number; offset: number } = feed.index.beforeLine(from)
  let chars = 0
  let bytesRead = 0
  while (at.line <= last && chars < PAGE_CHARS && bytesRead < PAGE_READ_BYTES) {
    const batch = await readLines(feed.read, at, bytes)
    if (batch === null) break
    at = { line: batch.first + batch.text.length, offset: batch.next }
    if (at.line > from) bytesRead += batch.next - batch.start
    for (const [i, text] of batch.text.entries()) {
      const number = batch.first + i
      if (number < from || number > last) continue
      const mark = marks[number - from]
      chars += Math.min(text.length, maxChars)
      lines.push({
        number,
        text: text.slice(0, maxChars),
        kind: mark?.kind ?? 'output',
        ...(mark?.cut ? { cut: true } : {}),
        ...(text.length > maxChars ? { chars: text.length } : {}),
      })
    }
  }
  if (feed.generation !== generation) return await readPage(feed, kinds, query)
  const cursor = formatCursor({ runId: feed.runId, generation, offset: bytes, ended: false })
  return { lines, total, generation, cursor, complete: feed.end !== null }
}
