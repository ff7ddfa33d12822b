import { TICK_INTERVAL_MS } from '@tailgate/shared'

/**
 * The run's own clock: monotonic since its start, so that neither ticks nor time-outs care about changes of the
 * system's time. Ticks lie on the 2 s grid and do not drift.
 */

export type Timers = {
  /** Monotonic milliseconds. */
  now(): number
  /** Milliseconds since 1970. */
  wallClock(): number
  /** Calls back once after `ms`; the function given back takes it back. */
  after(ms: number, callback: () => void): () => void
}

/** setTimeout cannot wait longer than 2^31 - 1 ms. */
const MAX_WAIT_MS = 2 ** 30

export class RunClock {
  readonly #timers: Timers
  readonly #startedAt: number
  #cancels = new Set<() => void>()
  #stopped = false

  /** `startedWall`: when the run started, milliseconds since 1970; may lie before this process did. */
  constructor(timers: Timers, startedWall: number) {
    this.#timers = timers
    this.#startedAt = timers.now() - Math.max(0, timers.wallClock() - startedWall)
  }

  elapsedMs(): number {
    return this.#timers.now() - this.#startedAt
  }

  /** Calls `tick` on each multiple of the grid from now on; of those that were missed, only the latest. */
  everyTick(tick: (elapsedMs: number) => void): void {
    const next = (Math.floor(this.elapsedMs() / TICK_INTERVAL_MS) + 1) * TICK_INTERVAL_MS
    this.at(next, () => {
      tick(Math.floor(this.elapsedMs() / TICK_INTERVAL_MS) * TICK_INTERVAL_MS)
      this.everyTick(tick)
    })
  }

  /** Calls back when the run has been going for `elapsedMs`. */
  at(elapsedMs: number, callback: () => void): void {
    if (this.#stopped) return
    const wait = Math.max(0, elapsedMs - this.elapsedMs())
    const cancel = this.#timers.after(Math.min(wait, MAX_WAIT_MS), () => {
      this.#cancels.delete(cancel)
      // Timers may fire a millisecond early, and a long wait comes in parts.
      if (this.elapsedMs() < elapsedMs) this.at(elapsedMs, callback)
      else callback()
    })
    this.#cancels.add(cancel)
  }

  /** From now on nothing is called, not even by a callback that is on its way; time can still be read. */
  stop(): void {
    this.#stopped = true
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }
}
