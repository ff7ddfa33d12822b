import { type Cursor, type TailgateEvent, unreachable } from '@tailgate/shared'
import { type LinePosition, readLines } from '../lines/read-lines.ts'
import type { Deliveries, Delivery } from './delivery.ts'
import { kindNumbers } from './line-kinds.ts'
import { linesEvent, type RunFeed } from './run-feed.ts'

/** Lines behind the journal's window in a form that their reader has chosen, up to where the next ones begin. */
export type ReadAhead = Disposable & { readonly end: LinePosition }

/** Reads such lines; null where they must be read as an event. */
export type LinesReader<S extends ReadAhead> = {
  read(at: LinePosition, limit: number): Promise<S | null>
  leave(): void
}

type Result<S> = IteratorResult<Delivery | S, void>

const OVER = { done: true, value: undefined } as const

/**
 * One viewer's way through a run: the record, replay from the log file, the journal at the live end, `end`.
 *
 * It pulls: between two deliveries it holds the last one and its position. A viewer too slow for the journal's window
 * goes back to reading the file; lines are never lost, only ticks and outdated records are.
 *
 * An iterator written out and not a generator: most of what thousands of viewers do is wait, and while this one waits
 * it is an object in the feed's set of waiters. To be asked for one delivery at a time, as `for await` does.
 */
export class FeedFollower<S extends ReadAhead = never>
  implements AsyncIterableIterator<Delivery | S, void, void>, Deliveries<S>
{
  readonly #feed: RunFeed
  readonly #signal: AbortSignal
  readonly #reader: LinesReader<S> | null
  readonly #onOver: () => void
  /** Of the journal when this viewer came: ticks from before are of no use to it. */
  #joinedAt = 0
  #greeted = false
  #generation: number
  #at: LinePosition
  /** Whether `at.line` is known. */
  #located: boolean
  /** Of the newest record that this viewer was told. */
  #runSeq = -1
  /** The next delivery of the journal; null while this viewer is behind it. */
  #seq: number | null = null
  /** While behind: as far as the file is to be read. */
  #readTo = 0
  #answer: ((result: Result<S> | Promise<Result<S>>) => void) | null = null
  #take: (delivery: Delivery) => boolean = () => false
  /** `end` was delivered. */
  #ended = false
  /** Nothing is asked any more. */
  #over = false
  /** Its signal has aborted. Kept, since a viewer looks at each delivery and a signal is slow to ask. */
  #departed = false

  /**
   * `reader`: for who takes lines in another form than events. What is given to it is its own to dispose of.
   * `onOver` is told once, when nothing will follow any more.
   */
  constructor(
    feed: RunFeed,
    from: Cursor,
    signal: AbortSignal,
    {
      reader = null,
      onOver = () => {},
    }: { readonly reader?: LinesReader<S> | null; readonly onOver?: () => void } = {},
  ) {
    this.#feed = feed
    this.#signal = signal
    this.#reader = reader
    this.#onOver = onOver
    this.#generation = from.generation
    this.#at = { offset: from.offset, line: 1 }
    this.#located = from.offset === 0
    signal.addEventListener('abort', this.#depart)
    // A viewer may have left before it was told anything, and then nobody asks for anything either.
    if (signal.aborted) this.#depart()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result<S>> {
    const step = this.#step()
    return step === 'waiting' ? this.#wait() : Promise.resolve(this.#resultOf(step))
  }

  handOver(take: (delivery: Delivery) => boolean): void {
    this.#take = take
  }

  return(): Promise<Result<S>> {
    this.#leave()
    return Promise.resolve(OVER)
  }

  /** The feed has changed: who waits may have an answer now. */
  readonly wake = (): void => {
    if (this.#answer === null) return
    let step = this.#step()
    while (typeof step !== 'string' && this.#take(step)) step = this.#step()
    const answer = this.#answer
    // Taking may have ended it all.
    if (answer === null) return
    if (step === 'waiting') {
      this.#feed.await(this)
      return
    }
    this.#answer = null
    answer(this.#resultOf(step))
  }

  #wait(): Promise<Result<S>> {
    this.#feed.await(this)
    return new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  #resultOf(step: Delivery | 'behind' | 'over'): Result<S> | Promise<Result<S>> {
    if (step === 'behind') return this.#catchUp()
    if (step !== 'over') return { done: false, value: step }
    this.#leave()
    return OVER
  }

  readonly #depart = (): void => {
    this.#departed = true
    this.#leave()
    this.#answer?.(OVER)
    this.#answer = null
  }

  #leave(): void {
    if (this.#over) return
    this.#over = true
    this.#reader?.leave()
    this.#feed.leave(this)
    this.#signal.removeEventListener('abort', this.#depart)
    this.#onOver()
  }

  /** What is next, as far as that can be said at once. */
  #step(): Delivery | 'waiting' | 'behind' | 'over' {
    const feed = this.#feed
    const { journal } = feed
    if (!this.#greeted && !this.#over) {
      this.#greeted = true
      this.#joinedAt = journal.nextSeq
      this.#runSeq = feed.latestRunSeq
      return this.#deliver({ type: 'run', run: feed.run })
    }
    while (!this.#over && !this.#ended && !this.#departed && !feed.withdrawn) {
      if (this.#seq === null || this.#seq < journal.firstSeq) {
        const step = this.#rejoin()
        if (step !== null) return step
        continue
      }
      const delivery = journal.get(this.#seq)
      if (delivery === undefined) {
        if (feed.end === null) return 'waiting'
        this.#ended = true
        return feed.end
      }
      const seq = this.#seq++
      const taken = delivery === null ? null : this.#accept(delivery, seq)
      if (taken !== null) return taken
    }
    return 'over'
  }

  /** Finds this viewer's place in the journal, or what must be told or read before; null to go on there. */
  #rejoin(): Delivery | 'waiting' | 'behind' | null {
    const feed = this.#feed
    const { journal } = feed
    if (this.#generation !== feed.generation) {
      this.#beginAnew(feed.generation)
      return this.#deliver({ type: 'reset', generation: feed.generation, reason: 'replaced' })
    }
    const { offset } = this.#at
    // A restarted gateway may not have read the log this far yet.
    if (offset > feed.bytes && feed.end === null) return 'waiting'
    const place = journal.place(this.#generation, offset)
    if (place !== null && 'seq' in place) {
      this.#seq = place.seq
    } else if (offset < feed.bytes) {
      this.#readTo = place?.readTo ?? feed.bytes
      return 'behind'
    } else {
      this.#seq = journal.firstSeq
    }
    if (this.#runSeq >= feed.latestRunSeq || feed.latestRunSeq >= this.#seq) return null
    this.#runSeq = feed.latestRunSeq
    return this.#deliver({ type: 'run', run: feed.run })
  }

  /** A delivery of the journal; null when it tells this viewer nothing. */
  #accept(delivery: Delivery, seq: number): Delivery | null {
    const { event, cursor } = delivery
    switch (event.type) {
      case 'lines':
        // The window may still hold lines that this viewer has read from the file, or of a log that was replaced.
        if (cursor.generation !== this.#generation || event.start < this.#at.offset) return null
        this.#at = { offset: event.next, line: event.first + event.text.length }
        this.#located = true
        return delivery
      case 'reset':
        if (event.generation <= this.#generation) return null
        this.#beginAnew(event.generation)
        return delivery
      case 'run':
        if (seq <= this.#runSeq) return null
        this.#runSeq = seq
        return this.#share(delivery)
      case 'partial':
        return this.#share(delivery)
      case 'tick':
        return seq >= this.#joinedAt ? this.#share(delivery) : null
      case 'end':
        this.#ended = true
        return delivery
      default:
        return unreachable(event)
    }
  }

  async #catchUp(): Promise<Result<S>> {
    const lines = await this.#readOn()
    if (lines === 'shorter') return await this.#wait()
    return lines === null ? await this.next() : { done: false, value: lines }
  }

  /** Lines from the file; null to look again, `shorter` when the file has not what the feed has seen of it. */
  async #readOn(): Promise<Delivery | S | 'shorter' | null> {
    const feed = this.#feed
    const generation = this.#generation
    const limit = this.#readTo
    // Whatever was found out, it may be of a log that began anew in the meantime.
    const isOutdated = () => this.#over || this.#departed || feed.withdrawn || generation !== feed.generation
    if (!this.#located) {
      const at = await feed.lineAt(this.#at.offset)
      if (isOutdated()) return null
      this.#at = at
      this.#located = true
    }
    const read = (await this.#reader?.read(this.#at, limit)) ?? null
    if (isOutdated()) {
      read?.[Symbol.dispose]()
      return null
    }
    if (read !== null) {
      this.#at = read.end
      return read
    }
    const batch = await readLines(feed.read, this.#at, limit)
    const kinds = batch === null ? null : await feed.kinds.readBytes(batch.first, batch.text.length)
    if (isOutdated()) return null
    if (batch === null) {
      // The writer side is about to notice, unless nobody writes any more.
      if (feed.end === null) return 'shorter'
      this.#seq = feed.journal.nextSeq
      return null
    }
    this.#at = { offset: batch.next, line: batch.first + batch.text.length }
    return this.#deliver(linesEvent(batch, kinds === null ? null : kindNumbers(batch.first, kinds)))
  }

  #beginAnew(generation: number): void {
    this.#generation = generation
    this.#at = { offset: 0, line: 1 }
    this.#located = true
  }

  #deliver(event: TailgateEvent): Delivery {
    const { runId } = this.#feed
    return { cursor: { runId, generation: this.#generation, offset: this.#at.offset, ended: false }, event }
  }

  /** The object that all share wherever it says where this viewer is, which at the live end it does. */
  #share(delivery: Delivery): Delivery {
    const { generation, offset } = delivery.cursor
    return generation === this.#generation && offset === this.#at.offset ? delivery : this.#deliver(delivery.event)
  }
}
