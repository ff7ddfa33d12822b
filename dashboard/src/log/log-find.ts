import type { TailgateClient } from '@tailgate/client'
import { createStore, type Store } from '../gateway/store.ts'
import { type FindEvent, type FindQuery, type FindState, find, grown, NO_FIND, nextCount } from './find.ts'
import type { LogModel } from './log-model.ts'
import type { LogView } from './log-view.ts'

/**
 * Carries out the search through a log: asks the gateway what find.ts wants to know, one question after the other, and
 * brings what is found into view. A new search, or none, ends the one before.
 */

export type LogFindDeps = {
  readonly runId: string
  readonly search: TailgateClient['runs']['search']
  readonly model: Pick<LogModel, 'total' | 'subscribe'>
  readonly view: Pick<LogView, 'place' | 'reveal'>
  /** Resolves after so many milliseconds, rejects when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A search waits for the next letter this long, milliseconds. */
const TYPING_MS = 150

/** New lines are searched as well, at most this often; and what failed is asked again, milliseconds. */
const AGAIN_MS = 2_000

export class LogFind {
  readonly state: Store<FindState> = createStore(NO_FIND)
  readonly #deps: LogFindDeps
  #searching = new AbortController()
  /** Steps wait for each other: who presses a key five times means five matches. */
  #steps: Promise<void> = Promise.resolve()

  constructor(deps: LogFindDeps) {
    this.#deps = deps
  }

  ask(query: FindQuery | null): void {
    this.#searching.abort()
    this.#searching = new AbortController()
    this.#apply({ type: 'ask', query })
    if (query !== null) void this.#search(query, this.#searching.signal)
  }

  /** Goes to the next match (1) or the one before (-1), and on from the other end of the log. */
  step(by: 1 | -1): void {
    const { signal } = this.#searching
    this.#steps = this.#steps.then(() => this.#step(by, signal)).catch(() => undefined)
  }

  /** Ends the search; what it has found stays. */
  stop(): void {
    this.#searching.abort()
  }

  async #search(query: FindQuery, signal: AbortSignal): Promise<void> {
    const { delay, model } = this.#deps
    for (let wait = TYPING_MS; !signal.aborted; wait = AGAIN_MS) {
      try {
        await delay(wait, signal)
        if (this.state.get().status === 'searching') await this.#findFirst(query, signal)
        await this.#count(query, signal)
        await this.#untilGrown(signal)
        this.#apply({ type: 'grown', total: model.total })
      } catch {
        // Asked again, unless the search is over.
      }
    }
  }

  async #findFirst(query: FindQuery, signal: AbortSignal): Promise<void> {
    const { model, view } = this.#deps
    const { total } = model
    const line = (await this.#next(query, view.place, 1, signal)) ?? (await this.#next(query, 1, 1, signal))
    this.#apply({ type: 'first', line, total })
    if (line !== null) view.reveal(line)
  }

  async #count(query: FindQuery, signal: AbortSignal): Promise<void> {
    for (let next = nextCount(this.state.get()); next !== null; next = nextCount(this.state.get())) {
      const { part, from, to } = next
      const before = this.state.get()[part].matches
      const page = await this.#ask(query, { limit: 0, from, ...(to !== undefined && { to }) }, signal)
      const count = { matches: before + page.count, scannedTo: page.scannedTo, done: page.complete }
      this.#apply({ type: 'counted', part, count })
    }
  }

  async #step(by: 1 | -1, signal: AbortSignal): Promise<void> {
    const { query, line } = this.state.get()
    if (query === null || line === null || signal.aborted) return
    const { model, view } = this.#deps
    const next = await this.#next(query, line + by, by, signal)
    const found = next ?? (await this.#next(query, by === 1 ? 1 : model.total, by, signal))
    if (found === null) return
    this.#apply({ type: 'step', line: found, by, wrapped: next === null })
    view.reveal(found)
  }

  /** The first match from a line on, either way. */
  async #next(query: FindQuery, from: number, by: 1 | -1, signal: AbortSignal): Promise<number | null> {
    const direction = by === 1 ? 'forward' : 'backward'
    for (let at = from; at >= 1; ) {
      const page = await this.#ask(query, { limit: 1, direction, from: at }, signal)
      const match = page.matches[0]
      if (match !== undefined) return match.number
      if (page.complete) return null
      at = page.scannedTo + by
    }
    return null
  }

  async #ask(query: FindQuery, part: Partial<Parameters<LogFindDeps['search']>[0]>, signal: AbortSignal) {
    const { runId, search } = this.#deps
    const page = await search({ runId, q: query.text, ignoreCase: query.ignoreCase, ...part }, { signal })
    signal.throwIfAborted()
    return page
  }

  /** Resolves once the log has lines that were not searched. */
  async #untilGrown(signal: AbortSignal): Promise<void> {
    const { model } = this.#deps
    const { promise, resolve } = Promise.withResolvers<void>()
    const look = () => {
      const state = this.state.get()
      if (signal.aborted || grown(state, model.total) !== state) resolve()
    }
    const stop = model.subscribe(look)
    signal.addEventListener('abort', look, { once: true })
    look()
    await promise
    stop()
  }

  #apply(event: FindEvent): void {
    this.state.set(find(this.state.get(), event))
  }
}
