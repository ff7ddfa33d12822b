import type { Run } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { RunFeed } from '../feed/run-feed.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { Timers } from './run-clock.ts'
import { type LiveFacts, runRecord } from './run-record.ts'
import { RunSaver } from './run-saver.ts'

/** The record of one run that has not ended. What changes in it is stored first and told then. */

export type LiveRecordDeps = {
  readonly feed: RunFeed
  /** Throws when the record is not on the disk. */
  readonly save: (run: StoredRun) => void
  /** What is not stored. */
  readonly live: () => LiveFacts
  /** Told when a record that could not be stored at first has been. */
  readonly onSaved: () => void
  readonly timers: Timers
  readonly log: Logger
}

export class LiveRecord {
  readonly #deps: LiveRecordDeps
  readonly #saver: RunSaver
  #stored: StoredRun

  constructor(stored: StoredRun, deps: LiveRecordDeps) {
    this.#stored = stored
    this.#deps = deps
    this.#saver = new RunSaver({ ...deps, onRecovered: deps.onSaved })
    deps.feed.live(() => this.now())
  }

  get stored(): StoredRun {
    return this.#stored
  }

  /** Why its latest state is not stored; null when it is. */
  get saveProblem(): string | null {
    return this.#saver.problem
  }

  /** The record as of now. */
  now(): Run {
    const { bytes, lines } = this.#deps.feed
    return runRecord({ ...this.#stored, logBytes: bytes, logLines: lines }, this.#deps.live())
  }

  /** Stores what has changed; whoever changes the state tells it too. */
  store(changes: Partial<StoredRun>): void {
    this.#stored = { ...this.#stored, ...changes }
    this.#saver.save(this.#stored)
  }

  /** Tells what may be lost, since it can be learnt again from the log. */
  show(changes: Pick<StoredRun, 'progress' | 'artifacts'>): void {
    this.#stored = { ...this.#stored, ...changes }
    this.tell()
  }

  tell(): void {
    this.#deps.feed.update(this.now())
  }

  /** Stores and tells the end. */
  finish(changes: Partial<StoredRun>): void {
    const { bytes, lines } = this.#deps.feed
    this.store({ ...changes, logBytes: bytes, logLines: lines })
    this.#deps.feed.finish(this.now())
  }

  /** Gives up on what is not stored. */
  stop(): void {
    this.#saver.stop()
  }
}
