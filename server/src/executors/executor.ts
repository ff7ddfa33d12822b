import type { Result } from '@tailgate/shared'

/**
 * Where a run runs. One interface, one contract suite over every implementation.
 *
 * An executor starts an engine that outlives the gateway, tells how it ended, and stops it with everything it started.
 * It knows nothing of logs, queues or outcomes.
 */

/** One try to launch a run. A try starts at most one engine, ever; the next try has the next number. */
export type LaunchAttempt = {
  readonly runId: string
  /** The run's own directory: working directory of the engine, home of its log and of the executor's own files. */
  readonly runDir: string
  /** 1-based. */
  readonly attempt: number
}

/** What to execute. */
export type LaunchSpec = LaunchAttempt & {
  /** Executable, by its full path, and arguments; no shell reads them. */
  readonly command: readonly [file: string, ...args: string[]]
  /**
   * The whole environment of the engine, but for the executor's own mark and `PWD`. Names that a shell cannot have
   * (letters, digits and `_` can) may be left out on the way.
   */
  readonly env: Readonly<Record<string, string>>
}

/** How the engine process ended. */
export type EngineExit =
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'signalled'; readonly signal: string }
  /** It is gone and nobody saw how. */
  | { readonly type: 'vanished'; readonly why: string }

/** A running engine. */
export interface RunningEngine {
  readonly pid: number
  /** When it was started, milliseconds since 1970. */
  readonly startedAt: number
  /** When it ended, milliseconds since 1970, if that was before it was found; null when it was going, or nobody knows. */
  readonly endedAt: number | null
  /** Settles once, when the engine has ended; what it left running does not delay that. Never rejects. */
  readonly exited: Promise<EngineExit>
  /** Asks the engine and everything it started to end (SIGTERM). Never rejects. */
  terminate(): Promise<void>
  /** Ends the engine and everything it started, wherever it hid (SIGKILL); also what it left when it ended. Never rejects. */
  kill(): Promise<void>
}

export interface Executor {
  readonly kind: 'local' | 'slurm'
  /**
   * Starts the engine. The error says why it could not, for the user. If `givenUp` aborts before the engine is started,
   * it never is, which is an error too; if it aborts later, the engine is there.
   */
  launch(spec: LaunchSpec, givenUp?: AbortSignal): Promise<Result<RunningEngine, string>>
  /**
   * Finds the engine that an earlier gateway launched, running or ended; null when this attempt never started one and
   * now never will. Rejects when neither is certain; to launch it again might then be to run it twice.
   */
  adopt(attempt: LaunchAttempt): Promise<RunningEngine | null>
  /** Lets go of what it keeps ready for launches. Engines, and launches on their way, go on. */
  close(): void
}
