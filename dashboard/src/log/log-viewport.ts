/**
 * Where the viewer stands in a log, and how that goes with the browser's own scrolling. Pure.
 *
 * Browsers make no element higher than some 17 million pixels, a twelfth of ten million rows. So the scrolled element
 * is at most MAX_SPACER high, and of a longer log the scroll bar tells the place in proportion, while wheel, keys and
 * touch move the rows by the very pixels that the browser scrolled. The two drift apart, which `settled` mends once the
 * scrolling stops: it moves the bar and no row. At the ends of the log the bar is exact.
 *
 * Rows are `rowHeight` high but for those that wrap, whose heights are known when they have been on the screen.
 */

/** The row at the top of the viewport, 0-based, and how many pixels of it are above. */
export type Position = { readonly row: number; readonly inset: number }

export type LogViewport = {
  readonly count: number
  readonly rowHeight: number
  /** Heights of the rows that are not `rowHeight` high, and by how much they are higher in all. */
  readonly tall: ReadonlyMap<number, number>
  readonly extra: number
  /** Height of what can be seen. */
  readonly height: number
  readonly position: Position
  /** What the scrolled element's `scrollTop` is, or is to become. */
  readonly scrollTop: number
  /** Stays at the end as rows are added. */
  readonly follows: boolean
}

/** Rows to render, and where the first of them lies in the scrolled element. */
export type RowWindow = { readonly first: number; readonly last: number; readonly top: number }

/** The most that the scrolled element is high, pixels: every browser can, and lays out to the pixel. */
export const MAX_SPACER = 8_000_000

/** So many pixels at either end of the bar are pixels of the log: there, a wheel must not be stopped by the bar's end. */
const EXACT_ENDS = 100_000

/** A longer way than this in one scroll event is a jump of the scroll bar, pixels. */
const LONGEST_STEP = 4_000

/** More heights than these are not remembered. */
const MAX_TALL_ROWS = 5_000

const START: Position = { row: 0, inset: 0 }

export function startViewport(options: { count: number; rowHeight: number; height: number }): LogViewport {
  const { count, rowHeight, height } = options
  return { count, rowHeight, height, tall: new Map(), extra: 0, position: START, scrollTop: 0, follows: false }
}

/** Height of the scrolled element. */
export function spacerHeight({ count, rowHeight, extra }: LogViewport): number {
  return Math.min(MAX_SPACER, count * rowHeight + extra)
}

/** The rows to render: what can be seen, and some on either side. */
export function rowWindow(viewport: LogViewport, overscan: number): RowWindow {
  const { count, position, height, scrollTop } = viewport
  const first = Math.max(0, position.row - overscan)
  let top = scrollTop - position.inset
  for (let row = first; row < position.row; row += 1) top -= heightOf(viewport, row)
  const last = Math.min(count - 1, moved(viewport, position, height).row + overscan)
  return { first, last, top: Math.round(top) }
}

export function heightOf({ rowHeight, tall }: LogViewport, row: number): number {
  return tall.get(row) ?? rowHeight
}

/** True when the last row can be seen whole. */
export function isAtEnd(viewport: LogViewport): boolean {
  const end = endPosition(viewport)
  const { row, inset } = viewport.position
  return row > end.row || (row === end.row && inset >= end.inset - 1)
}

/** The browser has scrolled. `byScrollbar`: the pointer holds the scroll bar. */
export function scrolled(viewport: LogViewport, scrollTop: number, byScrollbar = false): LogViewport {
  const distance = scrollTop - viewport.scrollTop
  if (distance === 0) return viewport
  const isStep = Math.abs(distance) <= LONGEST_STEP && !(byScrollbar && !isScaled(viewport))
  const position =
    isExact(viewport) || !isStep
      ? positionAt(viewport, scrollTop)
      : clamped(viewport, moved(viewport, viewport.position, distance))
  const next = { ...viewport, position, scrollTop }
  const isBarAtEdge = scrollTop <= 0 || scrollTop >= maxScrollTop(next)
  // Off the end, even by less than a pixel: browsers scroll smoothly, and to be put back would stop them.
  const arrives = (distance > 0 || isBarAtEdge) && isAtEnd(next)
  const follows = arrives || (viewport.follows && distance > 0)
  // At either edge of the bar or of the log the two must agree, or the rest could not be reached.
  const isEdge = isBarAtEdge || arrives || (distance < 0 && isStart(position))
  return isEdge ? settled({ ...next, follows }) : { ...next, follows }
}

/** Moves the bar to where the rows are. */
export function settled(viewport: LogViewport): LogViewport {
  const scrollTop = idealScrollTop(viewport)
  return Math.abs(scrollTop - viewport.scrollTop) < 1 ? viewport : { ...viewport, scrollTop }
}

/** Puts the bar where the browser has put it, which rounds: that is no scrolling. */
export function acknowledged(viewport: LogViewport, scrollTop: number): LogViewport {
  return scrollTop === viewport.scrollTop ? viewport : { ...viewport, scrollTop }
}

/** There are more rows, or after a new beginning fewer. */
export function withCount(viewport: LogViewport, count: number): LogViewport {
  if (count === viewport.count) return viewport
  const shrinks = count < viewport.count
  const next = { ...viewport, count, ...(shrinks ? { tall: new Map<number, number>(), extra: 0 } : {}) }
  return kept(next, shrinks)
}

export function withHeight(viewport: LogViewport, height: number): LogViewport {
  return height === viewport.height ? viewport : kept({ ...viewport, height }, true)
}

/** Another font, or wrapping turned on or off: all heights are forgotten. */
export function withRowHeight(viewport: LogViewport, rowHeight: number): LogViewport {
  const { row } = viewport.position
  return kept({ ...viewport, rowHeight, tall: new Map(), extra: 0, position: { row, inset: 0 } }, true)
}

/** Rows have been rendered, and were so high. */
export function withMeasured(viewport: LogViewport, heights: Iterable<readonly [number, number]>): LogViewport {
  const { rowHeight } = viewport
  const forgets = viewport.tall.size > MAX_TALL_ROWS
  const known = forgets ? new Map<number, number>() : viewport.tall
  const before = (row: number) => known.get(row) ?? rowHeight
  const changes = [...heights].filter(([row, height]) => Math.abs(height - before(row)) >= 0.5)
  if (changes.length === 0 && !forgets) return viewport
  const tall = new Map(known)
  let extra = forgets ? 0 : viewport.extra
  for (const [row, height] of changes) {
    extra += height - before(row)
    if (height === rowHeight) tall.delete(row)
    else tall.set(row, height)
  }
  return kept({ ...viewport, tall, extra }, false)
}

/** Brings a row into view: to the middle, unless it can be seen already. */
export function revealed(viewport: LogViewport, row: number): LogViewport {
  const { position, height } = viewport
  const bottom = moved(viewport, position, height)
  const isSeen = (row > position.row || (row === position.row && position.inset === 0)) && row < bottom.row
  return isSeen ? viewport : centred(viewport, row)
}

/** Brings a row to the middle, and follows no more. */
export function centred(viewport: LogViewport, row: number): LogViewport {
  const above = (viewport.height - heightOf(viewport, row)) / 2
  const position = clamped(viewport, moved(viewport, { row, inset: 0 }, -Math.round(above)))
  return settled({ ...viewport, position, follows: false })
}

/** Goes to the end and stays there. */
export function following(viewport: LogViewport): LogViewport {
  return settled({ ...viewport, position: endPosition(viewport), follows: true })
}

/** Stays where it is. */
export function released(viewport: LogViewport): LogViewport {
  return viewport.follows ? { ...viewport, follows: false } : viewport
}

/** Goes up or down by pages, less a row that stays in view. */
export function paged(viewport: LogViewport, pages: number): LogViewport {
  const distance = pages * Math.max(viewport.rowHeight, viewport.height - viewport.rowHeight)
  const position = clamped(viewport, moved(viewport, viewport.position, distance))
  const next = settled({ ...viewport, position })
  return { ...next, follows: isAtEnd(next) }
}

// --- places ---

function endPosition(viewport: LogViewport): Position {
  return clampedToStart(moved(viewport, { row: viewport.count, inset: 0 }, -viewport.height))
}

/** So many pixels further down. May lie before the first row or behind the last one. */
function moved(viewport: LogViewport, from: Position, distance: number): Position {
  const { rowHeight, tall } = viewport
  if (tall.size === 0) {
    const pixels = from.row * rowHeight + from.inset + distance
    const row = Math.floor(pixels / rowHeight)
    return { row, inset: pixels - row * rowHeight }
  }
  let { row } = from
  let inset = from.inset + distance
  while (inset < 0) inset += heightOf(viewport, --row)
  while (inset >= heightOf(viewport, row)) inset -= heightOf(viewport, row++)
  return { row, inset }
}

function clamped(viewport: LogViewport, position: Position): Position {
  const end = endPosition(viewport)
  const isBehind = position.row > end.row || (position.row === end.row && position.inset > end.inset)
  return isBehind ? end : clampedToStart(position)
}

function clampedToStart(position: Position): Position {
  return position.row < 0 ? START : position
}

function isStart({ row, inset }: Position): boolean {
  return row === 0 && inset === 0
}

// --- the scroll bar ---

/** Pixels of the bar are pixels of the log. */
function isExact(viewport: LogViewport): boolean {
  return viewport.tall.size === 0 && !isScaled(viewport)
}

function isScaled({ count, rowHeight, extra }: LogViewport): boolean {
  return count * rowHeight + extra > MAX_SPACER
}

function maxScrollTop(viewport: LogViewport): number {
  return Math.max(0, spacerHeight(viewport) - viewport.height)
}

/** Rows above the viewport's top, with the part of one. */
function rowsAbove(viewport: LogViewport, { row, inset }: Position): number {
  return row + inset / heightOf(viewport, row)
}

function idealScrollTop(viewport: LogViewport): number {
  const { position, rowHeight } = viewport
  const most = maxScrollTop(viewport)
  const end = rowsAbove(viewport, endPosition(viewport)) * rowHeight
  if (end === 0 || isStart(position)) return 0
  if (isAtEnd(viewport)) return most
  const scrollTop = mapped(rowsAbove(viewport, position) * rowHeight, end, most)
  // The bar leaves room at either end for as long as there are rows to be reached.
  return Math.max(1, Math.min(most - 1, Math.round(scrollTop)))
}

function positionAt(viewport: LogViewport, scrollTop: number): Position {
  const { rowHeight } = viewport
  const most = maxScrollTop(viewport)
  if (most === 0 || scrollTop <= 0) return START
  const end = endPosition(viewport)
  if (scrollTop >= most) return end
  const above = mapped(scrollTop, most, rowsAbove(viewport, end) * rowHeight) / rowHeight
  const row = Math.floor(above)
  return clamped(viewport, { row, inset: (above - row) * heightOf(viewport, row) })
}

/** A place between 0 and `from` as a place between 0 and `to`: in proportion, but for the same pixels at either end. */
function mapped(place: number, from: number, to: number): number {
  const ends = from === to ? 0 : Math.min(EXACT_ENDS, from / 4, to / 4)
  if (place <= ends) return place
  if (place >= from - ends) return to - (from - place)
  return ends + ((place - ends) / (from - 2 * ends)) * (to - 2 * ends)
}

/** The same place, after something else has changed. */
function kept(viewport: LogViewport, settles: boolean): LogViewport {
  if (viewport.follows) return following(viewport)
  const next = { ...viewport, position: clamped(viewport, viewport.position) }
  return settles ? settled(next) : next
}
