import type { Logger } from 'pino'
import type { StoredRun } from '../store/stored-run.ts'
import type { Timers } from './run-clock.ts'

/**
 * Stores what is known of one run, and tries again until it is stored. A state that cannot be stored (a full disk) is
 * told all the same, since it is true; until it is stored, a restart would find the state before it and decide anew
 * from the engine and its log.
 */

/** After a record could not be stored, it is tried again this much later. */
const AGAIN_MS = 2_000

export type RunSaverDeps = {
  /** Throws when the record is not on the disk. */
  readonly save: (run: StoredRun) => void
  readonly timers: Timers
  readonly log: Logger
  /** Told when trying again has stored the record. */
  readonly onRecovered: () => void
}

export class RunSaver {
  readonly #deps: RunSaverDeps
  #problem: string | null = null
  #cancelAgain = () => {}

  constructor(deps: RunSaverDeps) {
    this.#deps = deps
  }

  /** Why the latest record is not stored, for the user; null when it is. */
  get problem(): string | null {
    return this.#problem
  }

  save(run: StoredRun): void {
    this.#cancelAgain()
    try {
      this.#deps.save(run)
    } catch (error) {
      this.#deps.log.error({ runId: run.id, error }, 'The run cannot be stored; trying again.')
      const why = error instanceof Error ? error.message : String(error)
      this.#problem = `The record of run ${run.id} cannot be stored (${why}); Tailgate goes on trying. Check the disk of the data directory.`
      this.#cancelAgain = this.#deps.timers.after(AGAIN_MS, () => {
        this.save(run)
        if (this.#problem === null) this.#deps.onRecovered()
      })
      return
    }
    this.#problem = null
  }

  /** Gives up on what is not stored. */
  stop(): void {
    this.#cancelAgain()
  }
}
