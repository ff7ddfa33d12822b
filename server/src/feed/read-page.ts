import type { LinesPage } from '@tailgate/shared'
import { readLines } from '../lines/read-lines.ts'
import type { LineKinds } from './line-kinds.ts'
import type { RunFeed } from './run-feed.ts'

/** Bytes of text in one page, about: a page of very long lines has fewer of them than were asked for. */
const PAGE_BYTES = 8 * 1024 * 1024

/** A page of lines by number, with what each line is. */
export async function readPage(feed: RunFeed, kinds: LineKinds, from: number, count: number): Promise<LinesPage> {
  const { bytes, lines: total, generation } = feed
  const last = Math.min(total, from + count - 1)
  const marks = await kinds.read(from, last - from + 1)
  const lines: LinesPage['lines'] = []
  let at: { line: number; offset: number } = feed.index.beforeLine(from)
  let size = 0
  while (at.line <= last && size < PAGE_BYTES) {
    const batch = await readLines(feed.read, at, bytes)
    if (batch === null) break
    at = { line: batch.first + batch.text.length, offset: batch.next }
    if (at.line > from) size += batch.next - batch.start
    for (const [i, text] of batch.text.entries()) {
      const number = batch.first + i
      if (number < from || number > last) continue
      const mark = marks[number - from]
      lines.push({ number, text, kind: mark?.kind ?? 'output', ...(mark?.cut ? { cut: true } : {}) })
    }
  }
  return { lines, total, generation, complete: feed.end !== null }
}
