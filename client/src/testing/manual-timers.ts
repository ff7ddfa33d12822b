import type { StartTimer } from '../timer.ts'

/** Timers that a test fires by hand. */
export class ManualTimers {
  /** Those that run, oldest first. */
  readonly running: { readonly delayMs: number; readonly fire: () => void }[] = []
  /** How many have been started in all. */
  started = 0
  #changed = Promise.withResolvers<void>()

  readonly start: StartTimer = (delayMs, callback) => {
    const timer = { delayMs, fire: callback }
    this.running.push(timer)
    this.started += 1
    this.#changed.resolve()
    this.#changed = Promise.withResolvers<void>()
    return () => {
      const index = this.running.indexOf(timer)
      if (index >= 0) this.running.splice(index, 1)
    }
  }

  /** Resolves with the running timer of this delay, once there is one. */
  async of(matches: (delayMs: number) => boolean): Promise<{ readonly delayMs: number; readonly fire: () => void }> {
    while (true) {
      const timer = this.running.find(({ delayMs }) => matches(delayMs))
      if (timer !== undefined) return timer
      await this.#changed.promise
    }
  }
}
