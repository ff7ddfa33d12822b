import { type Cursor, RECONNECT_DELAY_MS } from '@tailgate/shared'
import { FeedFollower, type LinesReader, type ReadAhead } from '../feed/feed-follower.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { Timers } from './run-clock.ts'

/** Who watches which run, and which run the last viewer has left for good. */

export type RunViewersDeps = {
  /** The feed of a run; null for an unknown run. */
  readonly feed: (runId: string) => Promise<RunFeed | null>
  /** The last viewer of a run has left and nobody has come in time. */
  readonly onAbandoned: (runId: string) => void
  readonly timers: Timers
}

/** A viewer whose connection broke has this long to come back. */
export const COME_BACK_MS = 2.5 * RECONNECT_DELAY_MS

/** After a restart of the gateway all viewers come back at once, and clients wait longer from try to try. */
export const COME_BACK_AFTER_RESTART_MS = 30_000

export class RunViewers {
  readonly #deps: RunViewersDeps
  readonly #counts = new Map<string, number>()
  /** How to stop waiting for the viewers of a run to come back. */
  readonly #awaited = new Map<string, () => void>()
  /** Told when the last viewer of a run has left. */
  readonly #whenGone = new Map<string, () => void>()
  #closing = false

  constructor(deps: RunViewersDeps) {
    this.#deps = deps
  }

  /** Whether anybody watches a run now. */
  has(runId: string): boolean {
    return this.#counts.has(runId)
  }

  /** From now on viewers leave because the gateway does. */
  close(): void {
    this.#closing = true
    for (const runId of [...this.#awaited.keys()]) this.#stopAwaiting(runId)
  }

  /** Resolves when nobody watches a run any more, or after so many milliseconds. To be asked once for a run. */
  async gone(runId: string, ms: number): Promise<void> {
    if (!this.has(runId)) return
    const gone = Promise.withResolvers<void>()
    const stop = this.#deps.timers.after(ms, gone.resolve)
    this.#whenGone.set(runId, gone.resolve)
    await gone.promise
    this.#whenGone.delete(runId)
    stop()
  }

  /** Waits for the viewers that an earlier gateway had, if it had any. */
  awaitReturn(runId: string): void {
    if (!this.has(runId)) this.#await(runId, COME_BACK_AFTER_RESTART_MS)
  }

  /** What a viewer is told of a run; null for an unknown run. It counts from now on, until it leaves or all is told. */
  async watch<S extends ReadAhead = never>(
    runId: string,
    cursor: Cursor,
    signal: AbortSignal,
    readerOf: (feed: RunFeed) => LinesReader<S> | null = () => null,
  ): Promise<FeedFollower<S> | null> {
    this.#stopAwaiting(runId)
    this.#counts.set(runId, (this.#counts.get(runId) ?? 0) + 1)
    const left = () => this.#left(runId)
    try {
      const feed = await this.#deps.feed(runId)
      if (feed !== null) return new FeedFollower(feed, cursor, signal, { reader: readerOf(feed), onOver: left })
    } catch (error) {
      left()
      throw error
    }
    left()
    return null
  }

  #left(runId: string): void {
    const left = (this.#counts.get(runId) ?? 1) - 1
    if (left > 0) {
      this.#counts.set(runId, left)
      return
    }
    this.#counts.delete(runId)
    this.#whenGone.get(runId)?.()
    if (!this.#closing) this.#await(runId, COME_BACK_MS)
  }

  #await(runId: string, ms: number): void {
    const stop = this.#deps.timers.after(ms, () => {
      this.#awaited.delete(runId)
      this.#deps.onAbandoned(runId)
    })
    this.#awaited.set(runId, stop)
  }

  #stopAwaiting(runId: string): void {
    this.#awaited.get(runId)?.()
    this.#awaited.delete(runId)
  }
}
