import { once } from 'node:events'
import type { Run, RunHandle, TailgateEvent } from '@tailgate/client'

/** A viewer that keeps what it is told, and that a test can wait for. */
export class Watcher {
  /** The lines of each time that the log began anew, as the text of a file. */
  readonly logs: string[] = ['']
  readonly resets: string[] = []
  readonly #changed = new EventTarget()
  #record: Run | null = null
  #error: unknown = null
  readonly #done: Promise<void>

  constructor(run: RunHandle, cursor: string | null = null) {
    this.#done = this.#watch(run, cursor).catch((error: unknown) => {
      this.#error = error
      this.#changed.dispatchEvent(new Event('change'))
    })
  }

  /** The log as it is now. */
  get log(): string {
    return this.logs.at(-1) ?? ''
  }

  /** What is wrong with the run, as its record tells. */
  get problem(): string | undefined {
    return this.#record?.problem
  }

  /** Resolves once the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.#error !== null) throw this.#error
      if (this.#record?.outcome) throw new Error('the run ended before that')
      await once(this.#changed, 'change')
    }
  }

  /** The final record, once the run has ended. */
  async end(): Promise<Run> {
    await this.#done
    if (this.#error !== null || this.#record === null) throw this.#error ?? new Error('the stream had no record')
    return this.#record
  }

  async #watch(run: RunHandle, cursor: string | null): Promise<void> {
    for await (const event of run.events({ cursor })) {
      this.#take(event)
      this.#changed.dispatchEvent(new Event('change'))
    }
  }

  #take(event: TailgateEvent): void {
    if (event.type === 'run' || event.type === 'end') this.#record = event.run
    if (event.type === 'lines') this.logs[this.logs.length - 1] += event.text.map((line) => `${line}\n`).join('')
    if (event.type === 'reset') {
      this.resets.push(event.reason)
      this.logs.push('')
    }
  }
}
