import {
  type LineKind,
  type LinesPage,
  type Run,
  type TailgateClient,
  TailgateError,
  type TailgateEvent,
} from '@tailgate/client'
import type { FeedEvent } from '../stream/run-stream.ts'
import { type LineGap, LinePages } from './line-pages.ts'
import { type LogLine, lineOfEvent, MAX_SHOWN_CHARS } from './log-line.ts'

/**
 * What the browser knows of one log: how many lines there are, those that are held, and what is being asked for.
 *
 * Lines have their number wherever they come from, the live stream or a page, so none can be there twice or be out of
 * place. Nothing is pushed through a component's state: listeners hear, at most once a frame, that something changed.
 */

export type LogModelDeps = {
  readonly runId: string
  readonly lines: TailgateClient['runs']['lines']
  /** Calls back before the next frame is drawn, or soon when none is drawn; gives the way to call it off. */
  readonly beforeFrame: (callback: () => void) => () => void
  /** Resolves after so many milliseconds, rejects when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A request that failed is made again after this long, if its lines are still wanted. */
const RETRY_MS = 1_000

/** So many lines on either side of those to be shown are asked for as well, once those are there. */
const MARGIN_LINES = 200

export class LogModel {
  readonly #deps: LogModelDeps
  readonly #pages = new LinePages()
  readonly #listeners = new Set<() => void>()
  #version = 0
  #total = 0
  /** Null until the first answer. */
  #generation: number | null = null
  #partial: LogLine | null = null
  #failure: TailgateError | null = null
  #wanted: { first: number; last: number } | null = null
  #loading: AbortController | null = null
  #callOff: (() => void) | null = null

  constructor(deps: LogModelDeps) {
    this.#deps = deps
  }

  /** Changes whenever anything here does. */
  get version(): number {
    return this.#version
  }

  /** Complete lines in the log, as far as is known. */
  get total(): number {
    return this.#total
  }

  /** Lines to show: the complete ones, and the unfinished last one. */
  get rows(): number {
    return Math.max(this.#total, this.#partial?.number ?? 0)
  }

  /** The unfinished last line. */
  get partial(): LogLine | null {
    return this.#partial
  }

  /** Why the lines that are wanted cannot be had at the moment. */
  get failure(): TailgateError | null {
    return this.#failure
  }

  /** A line, if it is here. */
  line(number: number): LogLine | undefined {
    return number === this.#partial?.number ? this.#partial : this.#pages.line(number)
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** These lines are to be shown: those that are missing are asked for, and no others any more. */
  want(first: number, last: number): void {
    this.#wanted = { first: Math.max(1, first), last: Math.min(last, this.#total) }
    if (this.#loading === null) void this.#load()
  }

  /** The record tells how long the log is, to a tab without a stream and to one that was just opened. */
  accept(run: Run): void {
    if (run.log.lines > this.#total) this.#grow(run.log.lines)
  }

  take(event: FeedEvent): void {
    switch (event.type) {
      case 'run':
      case 'end':
        this.accept(event.run)
        break
      case 'lines': {
        const cut = new Set(event.cut)
        const kinds = kindsByLine(event.kinds)
        const last = event.first + event.text.length - 1
        this.#partial = null
        this.#pages.put(
          event.text.map((text, i) => {
            const number = event.first + i
            return lineOfEvent(number, text, kinds.get(number) ?? 'output', cut.has(number))
          }),
        )
        for (const [number, kind] of kinds) if (number < event.first) this.#pages.revise(number, kind)
        this.#grow(last)
        break
      }
      case 'partial':
        this.#partial = lineOfEvent(event.line, event.text, 'output', false)
        this.#changed()
        break
      case 'reset':
        this.#begin(event.generation)
        break
      case 'skipped':
        // Kinds that became known meanwhile were not told.
        this.#pages.clear()
        this.#partial = null
        this.#changed()
        if (this.#loading === null) void this.#load()
        break
      case 'tick':
        break
    }
  }

  /** Asks for nothing more until lines are wanted again. */
  pause(): void {
    this.#loading?.abort()
    this.#loading = null
    this.#wanted = null
    this.#callOff?.()
    this.#callOff = null
  }

  async #load(): Promise<void> {
    const loading = new AbortController()
    const { signal } = loading
    this.#loading = loading
    const { runId, lines, delay } = this.#deps
    for (let gap = this.#nextGap(); gap !== null && !signal.aborted; gap = this.#nextGap()) {
      try {
        const page = await lines({ runId, ...gap, maxChars: MAX_SHOWN_CHARS }, { signal })
        this.#failure = null
        this.#accept(page, gap)
      } catch (cause) {
        if (!signal.aborted) this.#failure = TailgateError.from(cause)
      }
      if (signal.aborted) return
      this.#changed()
      if (this.#failure !== null) await delay(RETRY_MS, signal).catch(() => undefined)
    }
    if (this.#loading === loading) this.#loading = null
  }

  #nextGap(): LineGap | null {
    if (this.#wanted === null) return null
    const { first, last } = this.#wanted
    const margin = { first: Math.max(1, first - MARGIN_LINES), last: Math.min(last + MARGIN_LINES, this.#total) }
    return this.#pages.missing(first, last) ?? this.#pages.missing(margin.first, margin.last)
  }

  #accept(page: LinesPage, gap: LineGap): void {
    if (this.#generation !== null && page.generation < this.#generation) return
    if (this.#generation !== null && page.generation > this.#generation) this.#begin(page.generation)
    this.#generation = page.generation
    this.#pages.put(page.lines)
    if (page.lines.length > 0) {
      this.#total = Math.max(this.#total, page.total)
    } else if (page.total < gap.from) {
      // The log is shorter than was thought.
      this.#total = page.total
      this.#wanted = null
    } else {
      this.#failure = new TailgateError('unavailable', `Lines ${gap.from} and on cannot be read: the log may be gone.`)
    }
  }

  /** The log began anew. */
  #begin(generation: number): void {
    if (this.#generation !== null && generation <= this.#generation) return
    this.#generation = generation
    this.#pages.clear()
    this.#partial = null
    this.#total = 0
    this.#wanted = null
    this.#changed()
  }

  #grow(total: number): void {
    this.#total = Math.max(this.#total, total)
    if (this.#partial !== null && this.#partial.number <= total) this.#partial = null
    this.#changed()
  }

  #changed(): void {
    this.#version += 1
    this.#callOff ??= this.#deps.beforeFrame(() => {
      this.#callOff = null
      for (const listener of [...this.#listeners]) listener()
    })
  }
}

function kindsByLine(kinds: (TailgateEvent & { type: 'lines' })['kinds']): Map<number, LineKind> {
  const byLine = new Map<number, LineKind>()
  if (kinds === undefined) return byLine
  for (const kind of KINDS) for (const number of kinds[kind] ?? []) byLine.set(number, kind)
  return byLine
}

const KINDS: readonly LineKind[] = ['output', 'command', 'continuation', 'error']
