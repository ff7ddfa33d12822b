import type { Artifact, Progress } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { LogParser } from '../stata/log/log-parser.ts'
import { estimateDuration } from './duration-estimate.ts'
import { describeArtifacts } from './run-artifacts.ts'
import type { Timers } from './run-clock.ts'

/**
 * Tells how far a running do-file is and what it has saved. Changes are gathered for a moment: a loop of a thousand
 * commands a second is told twice a second.
 */

/** Progress is told at most this often. */
const INTERVAL_MS = 500

export type LogState = { readonly progress: Progress; readonly artifacts: Artifact[] }

export type ProgressTellerDeps = {
  /** The parser of the log as it is now. */
  readonly parser: () => Pick<LogParser, 'revision' | 'partialProgress' | 'savedFiles'>
  readonly elapsedMs: () => number
  /** Durations of earlier runs of the same do-file, for an estimate. */
  readonly earlierMs: readonly number[]
  readonly tell: (state: LogState) => void
  readonly timers: Timers
  readonly log: Logger
}

export class ProgressTeller {
  readonly #deps: ProgressTellerDeps
  #seenRevision: number
  /** The unfinished last line: replications may be counted in it. */
  #partial = ''
  #due = false
  #stopped = false
  #cancel = () => {}

  constructor(deps: ProgressTellerDeps) {
    this.#deps = deps
    this.#seenRevision = deps.parser().revision
  }

  /** The run is an earlier gateway's: what its log says is told, though nothing more may come for hours. */
  takenUp(): void {
    this.#tellSoon()
  }

  /** Complete lines have come. */
  lines(): void {
    this.#partial = ''
    if (this.#deps.parser().revision !== this.#seenRevision) this.#tellSoon()
  }

  /** The last line stands still unfinished. */
  partial(text: string): void {
    this.#partial = text
    this.#tellSoon()
  }

  /** Time has passed, which is progress where there is an estimate. */
  tick(): void {
    if (this.#deps.earlierMs.length > 0) this.#tellSoon()
  }

  /** From now on nothing is told, not even what is on its way. */
  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  #tellSoon(): void {
    if (this.#due || this.#stopped) return
    this.#due = true
    this.#cancel = this.#deps.timers.after(INTERVAL_MS, () => {
      this.#tell().catch((error) => this.#deps.log.error({ error }, 'Internal error: progress cannot be told'))
    })
  }

  async #tell(): Promise<void> {
    const { parser, earlierMs, elapsedMs, tell } = this.#deps
    const { revision } = parser()
    const artifacts = await describeArtifacts(parser().savedFiles())
    this.#due = false
    if (this.#stopped) return
    this.#seenRevision = revision
    const estimate = estimateDuration(earlierMs, elapsedMs())
    tell({ progress: { ...parser().partialProgress(this.#partial), estimate }, artifacts })
  }
}
