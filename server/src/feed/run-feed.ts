import type { LinesEvent, Run, TailgateEvent } from '@tailgate/shared'
import type { LineBatch } from '../lines/line-cutter.ts'
import { type LinePosition, locateOffset, type ReadAt } from '../lines/read-lines.ts'
import type { Delivery } from './delivery.ts'
import { Journal, type JournalWindow } from './journal.ts'
import type { LineIndex } from './line-index.ts'
import type { KindNumbers, LineKinds } from './line-kinds.ts'

/**
 * One run's feed: what its log holds so far, and the bell that wakes its viewers.
 *
 * The supervisor (or, for a run that is over, the loader) writes; `feed-follower.ts` reads. The feed keeps no viewer's
 * position and no line but those of the journal's window: everything older is read from the log file.
 */

export type FeedStart = {
  readonly run: Run
  readonly index: LineIndex
  /** Bytes and complete lines of the log that are already indexed. */
  readonly bytes: number
  readonly lines: number
  readonly generation: number
  /** Positional reads of the current log file. */
  readonly read: ReadAt
  /** What the log's lines are. */
  readonly kinds: Pick<LineKinds, 'readBytes'>
  /** How much is kept for viewers at the live end. */
  readonly window?: JournalWindow
}

/** Who waits for news of a run. */
export type FeedWaiter = { readonly wake: () => void }

export class RunFeed {
  readonly runId: string
  readonly journal: Journal
  readonly index: LineIndex
  readonly read: ReadAt
  readonly kinds: Pick<LineKinds, 'readBytes'>
  #run: Run
  #generation: number
  #bytes: number
  #lines: number
  #latestRunSeq = -1
  #latestPartialSeq = -1
  #live: (() => Run) | null = null
  #end: Delivery | null = null
  #withdrawn = false
  #waiters = new Set<FeedWaiter>()

  constructor(start: FeedStart) {
    this.runId = start.run.id
    this.#run = start.run
    this.journal = new Journal(start.window)
    this.index = start.index
    this.#bytes = start.bytes
    this.#lines = start.lines
    this.#generation = start.generation
    this.read = start.read
    this.kinds = start.kinds
  }

  /** The record as it is now: what runs on in it, such as the time, is not that of the last update. */
  get run(): Run {
    return this.#live?.() ?? this.#run
  }
  get generation(): number {
    return this.#generation
  }
  /** Bytes of the log in complete lines: viewers may read up to here. */
  get bytes(): number {
    return this.#bytes
  }
  /** Complete lines in the log. */
  get lines(): number {
    return this.#lines
  }
  /** The closing delivery, once the run has ended. */
  get end(): Delivery | null {
    return this.#end
  }
  /** Number of the newest `run` delivery. */
  get latestRunSeq(): number {
    return this.#latestRunSeq
  }

  /** The run has been forgotten, and its log may be gone: whoever still follows it is let go without an end. */
  get withdrawn(): boolean {
    return this.#withdrawn
  }

  // --- written by the supervisor ---

  /** Asks for the record where it is kept, until the run has ended. */
  live(describe: () => Run): void {
    this.#live = describe
  }

  /** `kinds`: what the lines are that are more than output, and earlier ones that turned out to be something else. */
  append(batch: LineBatch, kinds: KindNumbers | null): void {
    const { first, next, text } = batch
    this.#bytes = next
    this.#lines = first + text.length - 1
    this.index.note(first + text.length, next)
    this.journal.outdate(this.#latestPartialSeq)
    this.#publish(linesEvent(batch, kinds))
  }

  partial(text: string): void {
    this.journal.outdate(this.#latestPartialSeq)
    this.#latestPartialSeq = this.journal.nextSeq
    this.#publish({ type: 'partial', line: this.#lines + 1, text })
  }

  tick(elapsedMs: number): void {
    this.#publish({ type: 'tick', elapsedMs })
  }

  /** The record changed. */
  update(run: Run): void {
    this.#run = run
    this.journal.outdate(this.#latestRunSeq)
    this.#latestRunSeq = this.journal.nextSeq
    this.#publish({ type: 'run', run })
  }

  /** The log began anew; the next batch starts at line 1, offset 0. */
  reset(reason: 'truncated' | 'replaced'): void {
    this.#generation += 1
    this.#bytes = 0
    this.#lines = 0
    this.journal.outdate(this.#latestPartialSeq)
    this.index.truncate(1)
    this.#publish({ type: 'reset', generation: this.#generation, reason })
  }

  finish(run: Run): void {
    this.#live = null
    this.#run = run
    this.#publish({ type: 'end', run })
  }

  withdraw(): void {
    this.#withdrawn = true
    this.#wake()
  }

  // --- read by viewers ---

  /** Has a viewer woken at the next delivery, once. */
  await(waiter: FeedWaiter): void {
    this.#waiters.add(waiter)
  }

  /** Resolves at the next delivery. */
  changed(): Promise<void> {
    return new Promise((wake) => this.await({ wake }))
  }

  /** The viewer waits no longer. */
  leave(waiter: FeedWaiter): void {
    this.#waiters.delete(waiter)
  }

  /** How many viewers are waiting for news. */
  get waiting(): number {
    return this.#waiters.size
  }

  /** The line that begins at `offset`, or the one it lies in; the end of the log for an offset beyond it. */
  async lineAt(offset: number): Promise<LinePosition> {
    if (offset >= this.#bytes) return { offset: this.#bytes, line: this.#lines + 1 }
    return await locateOffset(this.read, this.index.beforeOffset(offset), offset)
  }

  #publish(event: TailgateEvent): void {
    const ended = event.type === 'end'
    const cursor = { runId: this.runId, generation: this.#generation, offset: this.#bytes, ended }
    const delivery = { cursor, event }
    if (ended) this.#end = delivery
    this.journal.append(delivery)
    // Last: who is woken looks at the feed at once.
    this.#wake()
  }

  #wake(): void {
    const waiters = this.#waiters
    this.#waiters = new Set()
    for (const { wake } of waiters) wake()
  }
}

/** The event of a batch of lines. */
export function linesEvent(batch: LineBatch, kinds: KindNumbers | null): LinesEvent {
  const { first, start, next, text, cut } = batch
  const event: LinesEvent = { type: 'lines', first, start, next, text }
  if (cut.length > 0) event.cut = [...cut]
  if (kinds !== null) event.kinds = kinds
  return event
}
