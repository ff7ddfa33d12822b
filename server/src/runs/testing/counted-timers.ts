import type { Timers } from '../run-clock.ts'

/** The machine's timers; knows how many of them are still to fire. */
export class CountedTimers implements Timers {
  readonly #waiting = new Set<NodeJS.Timeout>()

  get waiting(): number {
    return this.#waiting.size
  }

  now(): number {
    return performance.now()
  }

  wallClock(): number {
    return Date.now()
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer)
      callback()
    }, ms)
    this.#waiting.add(timer)
    return () => {
      this.#waiting.delete(timer)
      clearTimeout(timer)
    }
  }
}
