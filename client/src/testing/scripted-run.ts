import { type Cursor, formatCursor, isEnded, type LinesEvent, type Run, type TailgateEvent } from '@tailgate/shared'
import type { Delivery } from '../transports/transport.ts'

/**
 * A run whose events the test decides, one by one, and that any number of viewers follow by cursor.
 *
 * As with the real one, a connection opens with the Run record, a cursor stands behind an event, and following goes on
 * behind it.
 */
export class ScriptedRun {
  /** How many events have been handed to connections, opening records included. */
  delivered = 0
  #run: Run
  #cursor: Cursor
  #line = 1
  readonly #deliveries: Delivery[] = []
  #bell = Promise.withResolvers<void>()

  constructor(run: Run) {
    this.#run = run
    this.#cursor = { runId: run.id, generation: 0, offset: 0, ended: false }
  }

  /** The Run record as of now. */
  get record(): Run {
    return this.#run
  }

  /** The log grows by lines. */
  lines(...text: string[]): void {
    const start = this.#cursor.offset
    const next = start + text.reduce((bytes, line) => bytes + new TextEncoder().encode(line).length + 1, 0)
    const event: LinesEvent = { type: 'lines', first: this.#line, start, next, text }
    this.#line += text.length
    this.#cursor = { ...this.#cursor, offset: next }
    this.#deliver(event)
  }

  tick(elapsedMs: number): void {
    this.#deliver({ type: 'tick', elapsedMs })
  }

  partial(text: string): void {
    this.#deliver({ type: 'partial', line: this.#line, text })
  }

  /** The log begins anew. */
  reset(): void {
    this.#line = 1
    this.#cursor = { ...this.#cursor, generation: this.#cursor.generation + 1, offset: 0 }
    this.#deliver({ type: 'reset', generation: this.#cursor.generation, reason: 'truncated' })
  }

  /** The run ends, in a state of one's choice; nothing follows. */
  end(change: Partial<Run> = {}): void {
    if (isEnded(this.#run.state)) return
    const succeeded = {
      reason: 'completed',
      rc: 0,
      message: null,
      command: null,
      line: null,
      exitCode: 0,
      signal: null,
    }
    this.#run = { ...this.#run, state: 'succeeded', outcome: { ...succeeded, reason: 'completed' }, ...change }
    this.#cursor = { ...this.#cursor, ended: true }
    this.#deliver({ type: 'end', run: this.#run })
  }

  /** True when nothing follows the cursor, now or ever. */
  isOver(cursor: string | null): boolean {
    return this.#cursor.ended && cursor === formatCursor(this.#cursor)
  }

  /** Where the last `lines` lines begin, or the event that the first of them came with. */
  tailCursor(lines: number): string {
    let missing = lines
    for (let i = this.#deliveries.length - 1; i >= 0 && missing > 0; i--) {
      const event = this.#deliveries[i]?.event
      if (event?.type === 'lines') missing -= event.text.length
      if (missing <= 0) return this.#deliveries[i - 1]?.cursor ?? formatCursor({ ...this.#cursor, offset: 0 })
    }
    return formatCursor({ ...this.#cursor, ...(missing > 0 ? { offset: 0 } : {}), ended: false })
  }

  /** What a viewer gets from a cursor on. */
  async *follow(cursor: string | null, signal: AbortSignal): AsyncGenerator<Delivery> {
    if (this.isOver(cursor)) return
    let index = this.#deliveries.findLastIndex((delivery) => delivery.cursor === cursor) + 1
    const opening = cursor ?? `${this.#run.id}:0:0`
    this.delivered += 1
    yield { cursor: opening, event: { type: 'run', run: this.#run } }
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    while (!signal.aborted) {
      const delivery = this.#deliveries[index]
      if (delivery === undefined) {
        await Promise.race([this.#bell.promise, aborted])
        continue
      }
      index += 1
      this.delivered += 1
      yield delivery
      if (delivery.event.type === 'end') return
    }
  }

  #deliver(event: TailgateEvent): void {
    this.#deliveries.push({ cursor: formatCursor(this.#cursor), event })
    this.#bell.resolve()
    this.#bell = Promise.withResolvers<void>()
  }
}
