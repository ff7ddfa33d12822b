import { type Cursor, RECONNECT_DELAY_MS } from '@tailgate/shared'
import type { Delivery } from '../feed/delivery.ts'
import { followFeed } from '../feed/follow-feed.ts'
import type { Timers } from './run-clock.ts'
import type { RunRegistry } from './run-registry.ts'

/** Who watches which run; cancels a run that asked for it when its last viewer has left and does not come back. */

/** A viewer that asked for `cancelOnDisconnect` has this long to come back. */
const DISCONNECT_GRACE_MS = 2.5 * RECONNECT_DELAY_MS

export class RunViewers {
  readonly #registry: RunRegistry
  readonly #timers: Timers
  readonly #counts = new Map<string, number>()
  #closing = false

  constructor(registry: RunRegistry, timers: Timers) {
    this.#registry = registry
    this.#timers = timers
  }

  /** Whether anybody watches a run now. */
  has(runId: string): boolean {
    return this.#counts.has(runId)
  }

  /** From now on viewers leave because the gateway does. */
  close(): void {
    this.#closing = true
  }

  async *watch(runId: string, cursor: Cursor, signal: AbortSignal): AsyncGenerator<Delivery, void, void> {
    this.#counts.set(runId, (this.#counts.get(runId) ?? 0) + 1)
    try {
      const log = await this.#registry.log(runId)
      if (log !== null) yield* followFeed(log.feed, cursor, signal)
    } finally {
      this.#left(runId)
    }
  }

  #left(runId: string): void {
    const left = (this.#counts.get(runId) ?? 1) - 1
    if (left > 0) {
      this.#counts.set(runId, left)
      return
    }
    this.#counts.delete(runId)
    const active = this.#registry.active.get(runId)
    if (active?.stored.cancelOnDisconnect !== true) return
    this.#timers.after(DISCONNECT_GRACE_MS, () => {
      if (!this.#closing && !this.#counts.has(runId)) active.cancel()
    })
  }
}
