import { createStore, type Store } from '../gateway/store.ts'
import { type LineRange, rangeBetween } from './line-range.ts'
import {
  acknowledged,
  centred,
  following,
  isAtEnd,
  type LogViewport,
  paged,
  released,
  revealed,
  scrolled,
  settled,
  startViewport,
  withCount,
  withHeight,
  withMeasured,
  withRowHeight,
} from './log-viewport.ts'

/**
 * What the viewer shows of a log: the place, the lines pointed at, how lines are laid out. Commands of keys, buttons
 * and the address come here; the component draws what the state says. Lines are 1-based, rows 0-based.
 */

export type LogViewState = {
  readonly viewport: LogViewport
  /** The lines that the address points at. */
  readonly range: LineRange | null
  /** Long lines are wrapped. */
  readonly wraps: boolean
  /** Rows there were when following stopped. */
  readonly seen: number
}

/** Height of a line, pixels; log.css says the same. */
export const ROW_HEIGHT = 20

export class LogView {
  readonly state: Store<LogViewState>
  #anchor: number | null = null
  #barAt = 0
  /** Where to go once the log is that long. */
  #pending: LineRange | null = null

  constructor(range: LineRange | null) {
    const viewport = startViewport({ count: 0, rowHeight: ROW_HEIGHT, height: 0 })
    this.#pending = range
    this.state = createStore<LogViewState>({
      viewport: range === null ? following(viewport) : viewport,
      range,
      wraps: false,
      seen: 0,
    })
  }

  // --- what happens ---

  /** So many rows there are now. */
  grow(rows: number): void {
    const began = rows < this.state.get().viewport.count
    if (began) this.#set({ range: null, seen: 0 })
    this.#move((viewport) => withCount(viewport, rows))
    if (began) this.follow()
    const pending = this.#pending
    if (pending !== null && rows > 0) {
      this.#pending = pending.first > rows ? pending : null
      this.#move((viewport) => centred(viewport, Math.min(pending.first, rows) - 1))
    }
  }

  resize(height: number): void {
    this.#move((viewport) => withHeight(viewport, height))
  }

  /** The browser has scrolled. */
  scroll(scrollTop: number, height: number, byScrollbar: boolean): void {
    this.#barAt = scrollTop
    this.#move((viewport) => scrolled(withHeight(viewport, height), scrollTop, byScrollbar))
    if (this.#pending !== null && scrollTop > 0) this.#pending = null
  }

  /** The scrolling has stopped. */
  settle(): void {
    this.#move(settled)
  }

  /** The browser has put the bar there. */
  acknowledge(scrollTop: number): void {
    this.#barAt = scrollTop
    this.#move((viewport) => acknowledged(viewport, scrollTop))
  }

  measure(heights: Iterable<readonly [number, number]>): void {
    this.#move((viewport) => withMeasured(viewport, heights))
  }

  /**
   * Where the browser's bar was when it was last heard of. It may have been moved since, so it is to be moved only if
   * the viewport's is another: to put it back would undo what the reader does.
   */
  get barAt(): number {
    return this.#barAt
  }

  // --- what the reader wants ---

  follow(): void {
    this.#pending = null
    this.#move(following)
  }

  /** The reader is about to look elsewhere. */
  release(): void {
    this.#move(released)
  }

  toggleFollow(): void {
    if (this.state.get().viewport.follows) this.release()
    else this.follow()
  }

  toStart(): void {
    this.goTo(1)
  }

  page(pages: number): void {
    this.#move((viewport) => paged(viewport, pages))
  }

  /** Brings a line to the middle. */
  goTo(line: number): void {
    this.#pending = null
    this.#move((viewport) => centred(viewport, Math.max(0, Math.min(line, viewport.count) - 1)))
  }

  /** Brings a line into view, where it can stay if it is seen already. */
  reveal(line: number): void {
    this.#pending = null
    this.#move((viewport) => revealed(released(viewport), Math.max(0, Math.min(line, viewport.count) - 1)))
  }

  /** Points at lines and goes there. */
  show(range: LineRange): void {
    this.#anchor = range.first
    this.#set({ range })
    if (range.first > this.state.get().viewport.count) this.#pending = range
    this.goTo(range.first)
  }

  /** Points at a line, or on to it from the one pointed at before. */
  point(line: number, extend: boolean): void {
    if (!extend || this.#anchor === null) this.#anchor = line
    this.#set({ range: rangeBetween(this.#anchor, line) })
    this.release()
  }

  unpoint(): void {
    this.#anchor = null
    this.#set({ range: null })
  }

  toggleWrap(): void {
    this.#set({ wraps: !this.state.get().wraps })
    this.#move((viewport) => withRowHeight(viewport, ROW_HEIGHT))
  }

  /** The first and the last line that can be seen, in part at least. */
  get visibleLines(): [first: number, last: number] {
    const { position, count, height, rowHeight } = this.state.get().viewport
    return [position.row + 1, Math.min(count, position.row + 1 + Math.floor(height / rowHeight))]
  }

  /** The line that commands such as "next error" start from: the one pointed at if it is seen, else the first seen. */
  get place(): number {
    const { range } = this.state.get()
    const [first, last] = this.visibleLines
    return range !== null && range.first >= first && range.first <= last ? range.first : first
  }

  /**
   * The line that is being read: the one pointed at if it is seen, else the first seen; null at the end of the log, which
   * is watched rather than read.
   */
  get readLine(): number | null {
    const { viewport, range } = this.state.get()
    const { place } = this
    return place !== range?.first && (viewport.follows || isAtEnd(viewport)) ? null : place
  }

  #move(change: (viewport: LogViewport) => LogViewport): void {
    const before = this.state.get()
    const viewport = change(before.viewport)
    if (viewport === before.viewport) return
    const stopped = before.viewport.follows && !viewport.follows
    this.state.set({ ...before, viewport, ...(stopped ? { seen: viewport.count } : {}) })
  }

  #set(change: Partial<LogViewState>): void {
    this.state.set({ ...this.state.get(), ...change })
  }
}
