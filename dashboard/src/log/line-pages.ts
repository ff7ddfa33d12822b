import type { LineKind } from '@tailgate/client'
import type { LogLine } from './log-line.ts'

/**
 * The lines that the browser holds of a log, in pages: those on the screen, those just seen, and the newest. What has
 * not been looked at for longest goes first, so memory is bounded however long the log is.
 */

export const PAGE_LINES = 500

/** The gateway gives no more lines than these at once. */
const MAX_PAGE_LINES = 2_000

/** Bytes of lines held, about. */
const MAX_BYTES = 24 * 1024 * 1024

/** Bytes that a line takes beside its text, about. */
const LINE_BYTES = 96

type Page = { readonly lines: (LogLine | undefined)[]; bytes: number }

/** Consecutive lines to ask for. */
export type LineGap = { readonly from: number; readonly count: number }

export class LinePages {
  readonly #maxBytes: number
  /** By page number, the one that was not looked at for longest first. */
  readonly #pages = new Map<number, Page>()
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of lines held, about. */
  get bytes(): number {
    return this.#bytes
  }

  line(number: number): LogLine | undefined {
    return this.#pages.get(pageOf(number))?.lines[(number - 1) % PAGE_LINES]
  }

  /** Takes lines in; one that is here already is replaced. */
  put(lines: Iterable<LogLine>): void {
    let pageNumber = -1
    let page: Page | undefined
    for (const line of lines) {
      if (page === undefined || pageOf(line.number) !== pageNumber) {
        pageNumber = pageOf(line.number)
        page = this.#use(pageNumber) ?? this.#add(pageNumber)
      }
      const at = (line.number - 1) % PAGE_LINES
      const bytes = bytesOf(line) - bytesOf(page.lines[at])
      page.lines[at] = line
      page.bytes += bytes
      this.#bytes += bytes
    }
    this.#evict()
  }

  /** A line's kind was learnt later. Of a line that is not here nothing is kept: it comes with its kind. */
  revise(number: number, kind: LineKind): void {
    const line = this.line(number)
    if (line !== undefined && line.kind !== kind) this.put([{ ...line, kind }])
  }

  /** What is missing first between two lines, in whole pages where nothing of them is here; null when all are. */
  missing(first: number, last: number): LineGap | null {
    for (let number = first; number <= last; ) {
      const pageFirst = pageOf(number) * PAGE_LINES + 1
      const page = this.#use(pageOf(number))
      if (page === undefined)
        return { from: pageFirst, count: PAGE_LINES * this.#absentPages(pageOf(number), pageOf(last)) }
      for (const end = Math.min(last, pageFirst + PAGE_LINES - 1); number <= end; number += 1) {
        if (page.lines[number - pageFirst] === undefined) return gapAround(page, pageFirst, number)
      }
    }
    return null
  }

  clear(): void {
    this.#pages.clear()
    this.#bytes = 0
  }

  /** How many pages from one on are not here at all, as far as they can be asked for at once. */
  #absentPages(first: number, last: number): number {
    let count = 1
    while (first + count <= last && count < MAX_PAGE_LINES / PAGE_LINES && !this.#pages.has(first + count)) count += 1
    return count
  }

  #use(pageNumber: number): Page | undefined {
    const page = this.#pages.get(pageNumber)
    if (page !== undefined) {
      this.#pages.delete(pageNumber)
      this.#pages.set(pageNumber, page)
    }
    return page
  }

  #add(pageNumber: number): Page {
    const page: Page = { lines: new Array<LogLine | undefined>(PAGE_LINES), bytes: 0 }
    this.#pages.set(pageNumber, page)
    return page
  }

  /** Two pages always stay: the screen may lie across their edge. */
  #evict(): void {
    for (const [pageNumber, page] of this.#pages) {
      if (this.#bytes <= this.#maxBytes || this.#pages.size <= 2) return
      this.#pages.delete(pageNumber)
      this.#bytes -= page.bytes
    }
  }
}

function pageOf(number: number): number {
  return Math.floor((number - 1) / PAGE_LINES)
}

function gapAround(page: Page, pageFirst: number, number: number): LineGap {
  let from = number - pageFirst
  let end = from + 1
  while (from > 0 && page.lines[from - 1] === undefined) from -= 1
  while (end < PAGE_LINES && page.lines[end] === undefined) end += 1
  return { from: pageFirst + from, count: end - from }
}

function bytesOf(line: LogLine | undefined): number {
  return line === undefined ? 0 : LINE_BYTES + 2 * line.text.length
}
