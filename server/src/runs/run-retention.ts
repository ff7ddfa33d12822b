import type { Logger } from 'pino'
import { type EndedRun, expiredRuns, type RetentionPolicy } from './retention.ts'
import type { Timers } from './run-clock.ts'

/** Forgets old runs again and again, as the policy says; never one that somebody is watching. */

export type RunRetentionDeps = {
  readonly policy: RetentionPolicy
  readonly ended: () => readonly EndedRun[]
  readonly isWatched: (runId: string) => boolean
  readonly erase: (runId: string) => Promise<void>
  readonly timers: Timers
  readonly log: Logger
}

/** How often old runs are looked for. */
const INTERVAL_MS = 60_000

export class RunRetention {
  readonly #deps: RunRetentionDeps
  #cancel = () => {}
  #stopped = false

  constructor(deps: RunRetentionDeps) {
    this.#deps = deps
  }

  /** Looks now, and from then on every minute; does nothing when everything is kept. */
  start(): void {
    const { keepRuns, keepDays, keepBytes } = this.#deps.policy
    if (keepRuns === null && keepDays === null && keepBytes === null) return
    void this.#forget().finally(() => {
      if (!this.#stopped) this.#cancel = this.#deps.timers.after(INTERVAL_MS, () => this.start())
    })
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  async #forget(): Promise<void> {
    const { ended, policy, timers, isWatched, erase, log } = this.#deps
    for (const runId of expiredRuns(ended(), policy, timers.wallClock())) {
      if (this.#stopped) return
      if (isWatched(runId)) continue
      // One that cannot be removed must not keep the others.
      await erase(runId).catch((error) => log.error({ runId, error }, 'An old run cannot be removed.'))
    }
  }
}
