import type { Cursor, Run, TailgateEvent } from '@tailgate/shared'
import { isEnded, startCursor } from '@tailgate/shared'
import type { Delivery } from '../../feed/delivery.ts'

/** A run whose events a test writes. Viewers get the same delivery objects, as they do from the real feed. */
export class FakeRun {
  run: Run
  /** Called with `true` when a viewer comes and with `false` when one leaves. */
  viewers = 0
  readonly #deliveries: Delivery[] = []
  #cursor: Cursor
  #lines = 0
  #changed = Promise.withResolvers<void>()

  constructor(run: Run) {
    this.run = run
    this.#cursor = startCursor(run.id)
  }

  /** Appends complete log lines. */
  lines(...text: string[]): this {
    const start = this.#cursor.offset
    const next = start + text.reduce((bytes, line) => bytes + Buffer.byteLength(line) + 1, 0)
    const first = this.#lines + 1
    this.#lines += text.length
    this.#cursor = { ...this.#cursor, offset: next }
    this.run = { ...this.run, log: { bytes: next, lines: this.#lines } }
    return this.emit({ type: 'lines', first, start, next, text })
  }

  tick(elapsedMs: number): this {
    return this.emit({ type: 'tick', elapsedMs })
  }

  change(differences: Partial<Run>): this {
    this.run = { ...this.run, ...differences }
    return this.emit({ type: 'run', run: this.run })
  }

  end(differences: Partial<Run>): this {
    this.run = { ...this.run, ...differences }
    this.#cursor = { ...this.#cursor, ended: true }
    return this.emit({ type: 'end', run: this.run })
  }

  emit(event: TailgateEvent): this {
    this.#deliveries.push({ cursor: this.#cursor, event })
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
    return this
  }

  /** Replays what lies behind the cursor, then goes on live. */
  async *follow(from: Cursor | null, signal: AbortSignal): AsyncGenerator<Delivery> {
    const left = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => left.resolve(), { once: true })
    this.viewers += 1
    try {
      yield { cursor: from ?? startCursor(this.run.id), event: { type: 'run', run: this.run } }
      const offset = from?.offset ?? 0
      const replayed = this.#deliveries.length
      for (let i = 0; !signal.aborted; ) {
        const delivery = this.#deliveries[i]
        if (delivery === undefined) {
          if (isEnded(this.run.state)) return
          await Promise.race([this.#changed.promise, left.promise])
          continue
        }
        const { event, cursor } = delivery
        const isNew = i >= replayed || event.type === 'end' || (event.type === 'lines' && cursor.offset > offset)
        if (isNew) yield delivery
        i += 1
      }
    } finally {
      this.viewers -= 1
    }
  }
}
