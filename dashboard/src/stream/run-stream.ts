import {
  type ConnectionChange,
  type EventStream,
  isEnded,
  type Run,
  type TailgateClient,
  TailgateError,
  type TailgateEvent,
} from '@tailgate/client'
import { createStore, type Store } from '../gateway/store.ts'
import type { StreamPlaces } from './stream-places.ts'

/**
 * One page's live connection to one run; header, log and everything else of the page share it.
 *
 *   waiting for a place ──▶ streaming ──▶ ended | failed
 *          ▲                    │
 *          └────── hidden ◀─────┘   a tab that nobody sees gives its stream back, and resumes at its cursor
 *
 * It begins at the end of the log: what is before that is read by line number. So it does again when it has fallen far
 * behind, as after a night in which the tab was hidden or the computer slept: nobody reads millions of lines as they
 * rush by, and those that somebody wants to see are asked for. While it has no stream it asks for the
 * record now and then, so that the title tells the state, and a run's end is noticed, in a hidden tab as well.
 */

export type RunConnection =
  | { readonly type: 'connecting' }
  | { readonly type: 'live' }
  /** The connection broke; another try in a moment. */
  | { readonly type: 'reconnecting'; readonly error: TailgateError }
  /** Other tabs have all the streams there are: this one asks every other second. */
  | { readonly type: 'polling' }
  /** Nobody sees this tab. */
  | { readonly type: 'hidden' }
  | { readonly type: 'ended' }
  /** Asking again is useless: no such run, or no permission. */
  | { readonly type: 'failed'; readonly error: TailgateError }

export type RunStreamState = {
  /** Null until the first answer. */
  readonly run: Run | null
  readonly connection: RunConnection
}

export type RunStreamDeps = {
  readonly runs: Pick<TailgateClient['runs'], 'follow' | 'get'>
  readonly places: StreamPlaces
  /** Resolves when the tab can be seen: at once if it can be now. */
  readonly visible: (signal: AbortSignal) => Promise<void>
  /** Resolves when the tab has not been seen for a while. */
  readonly hidden: (signal: AbortSignal) => Promise<void>
  /** Resolves after so many milliseconds. These three reject when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>
}

export type FeedEvent =
  | TailgateEvent
  /** The stream left lines out and goes on at the log's end: what is known may be out of date, and is to be asked for. */
  | { readonly type: 'skipped' }

/** What other parts of the page may do with a run's stream. */
export type RunFeed = {
  readonly state: Pick<Store<RunStreamState>, 'get' | 'subscribe'>
  /**
   * Calls back for each event from now on, in order, until the function given back is called. Events come while the
   * tab has a stream; what the log has gained meanwhile comes first when it has one again. So `lines` may lie behind
   * `run.log.lines`, and leave no gap between each other but where `skipped` tells of one.
   */
  onEvent(listener: (event: FeedEvent) => void): () => void
}

/** A stream that is further behind than this goes on at the end, lines. */
const MAX_BEHIND_LINES = 20_000

const POLL_MS = 2_000
const HIDDEN_POLL_MS = 15_000

export class RunStream implements RunFeed {
  readonly state: Store<RunStreamState>
  readonly #runId: string
  readonly #deps: RunStreamDeps
  readonly #listeners = new Set<(event: FeedEvent) => void>()
  #cursor: string | null = null
  /** The line that the stream has come to; null before its first record. */
  #line: number | null = null

  constructor(runId: string, deps: RunStreamDeps) {
    this.#runId = runId
    this.#deps = deps
    this.state = createStore<RunStreamState>({ run: null, connection: { type: 'connecting' } })
  }

  onEvent(listener: (event: FeedEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Follows the run until it has ended, asking makes no sense any more, or the signal aborts. Never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    const { visible, places } = this.#deps
    try {
      while (true) {
        await this.#askUntil(visible, HIDDEN_POLL_MS, { type: 'hidden' }, signal)
        const release = await this.#askUntil((until) => places.take(until), POLL_MS, { type: 'polling' }, signal)
        try {
          let left: 'ended' | 'hidden' | 'behind'
          do left = await this.#stream(signal)
          while (left === 'behind')
          if (left === 'ended') return
        } finally {
          release()
        }
      }
    } catch (cause) {
      if (signal.aborted) return
      this.#update({ connection: { type: 'failed', error: TailgateError.from(cause) } })
    }
  }

  /** Takes events until the run has ended, the tab has been hidden for a while, or the stream is far behind. */
  async #stream(signal: AbortSignal): Promise<'ended' | 'hidden' | 'behind'> {
    const pause = new AbortController()
    const watch = new AbortController()
    this.#deps.hidden(AbortSignal.any([signal, watch.signal])).then(
      () => pause.abort(),
      () => undefined,
    )
    const events: EventStream = this.#deps.runs.follow(this.#runId).events({
      cursor: this.#cursor,
      tail: 0,
      signal: AbortSignal.any([signal, pause.signal]),
      onConnection: (change) => this.#connectionChanged(change),
    })
    try {
      for await (const event of events) {
        if (this.#isFarBehind(event)) {
          this.#skip()
          return 'behind'
        }
        this.#cursor = events.cursor
        this.#deliver(event)
      }
      return 'ended'
    } catch (cause) {
      if (pause.signal.aborted && !signal.aborted) return 'hidden'
      throw cause
    } finally {
      watch.abort()
    }
  }

  /** Waits for something, and asks for the record from time to time meanwhile. */
  async #askUntil<T>(
    wait: (signal: AbortSignal) => Promise<T>,
    everyMs: number,
    connection: RunConnection,
    signal: AbortSignal,
  ): Promise<T> {
    const done = new AbortController()
    const asking = this.#keepAsking(everyMs, connection, AbortSignal.any([signal, done.signal]))
    try {
      return await wait(signal)
    } finally {
      done.abort()
      await asking
    }
  }

  async #keepAsking(everyMs: number, connection: RunConnection, signal: AbortSignal): Promise<void> {
    while (true) {
      try {
        await this.#deps.delay(everyMs, signal)
        const run = await this.#deps.runs.get(this.#runId, { signal })
        this.#update({ run, connection })
      } catch (cause) {
        if (signal.aborted) return
        this.#update({ connection: { type: 'reconnecting', error: TailgateError.from(cause) } })
      }
    }
  }

  /** Every connection opens with the record, which tells how far the log is. */
  #isFarBehind(event: TailgateEvent): boolean {
    return event.type === 'run' && this.#line !== null && event.run.log.lines - this.#line > MAX_BEHIND_LINES
  }

  #skip(): void {
    this.#cursor = null
    this.#line = null
    this.#tell({ type: 'skipped' })
  }

  #deliver(event: TailgateEvent): void {
    if (event.type === 'run') {
      this.#line ??= event.run.log.lines
      this.#update({ run: event.run })
    }
    if (event.type === 'lines') this.#line = event.first + event.text.length - 1
    if (event.type === 'reset') this.#line = 0
    if (event.type === 'tick') this.#ticked(event.elapsedMs)
    if (event.type === 'end') {
      this.#update({ run: event.run, connection: { type: 'ended' } })
    }
    this.#tell(event)
  }

  #tell(event: FeedEvent): void {
    for (const listener of [...this.#listeners]) listener(event)
  }

  /** Ticks tell the time between two records. */
  #ticked(elapsedMs: number): void {
    const { run } = this.state.get()
    if (run !== null && !isEnded(run.state)) this.#update({ run: { ...run, elapsedMs } })
  }

  #connectionChanged(change: ConnectionChange): void {
    const { run } = this.state.get()
    if (run !== null && isEnded(run.state)) return
    if (change.type === 'open') this.#update({ connection: { type: 'live' } })
    if (change.type === 'waiting') this.#update({ connection: { type: 'reconnecting', error: change.error } })
  }

  #update(change: Partial<RunStreamState>): void {
    this.state.set({ ...this.state.get(), ...change })
  }
}
