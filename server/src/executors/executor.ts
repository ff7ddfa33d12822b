import type { Result } from '@tailgate/shared'

/**
 * Where a run runs. One interface, one contract suite over every implementation.
 *
 * An executor starts an engine that outlives the gateway, tells how it ended, and stops it with everything it started.
 * It knows nothing of logs, queues or outcomes.
 */

/** What to execute. */
export type LaunchSpec = {
  readonly runId: string
  /** Executable and arguments; no shell sees them. */
  readonly command: readonly [file: string, ...args: string[]]
  /** The run's own directory: working directory of the engine, home of its log and of the executor's own files. */
  readonly runDir: string
  /** The whole environment of the engine. */
  readonly env: Readonly<Record<string, string>>
}

/** What a later gateway needs to find the engine again. Goes into the store. */
export type EngineRef = {
  readonly pid: number
  /** Distinguishes this process from a later one with the same pid: boot id and start time, as the system tells them. */
  readonly identity: string
}

/** How the engine process ended. */
export type EngineExit =
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'signalled'; readonly signal: string }
  /** It is gone and nobody saw how. */
  | { readonly type: 'vanished'; readonly why: string }

/** A running engine. */
export interface RunningEngine {
  readonly ref: EngineRef
  /** Settles once, when the engine has ended. Never rejects. */
  readonly exited: Promise<EngineExit>
  /** SIGTERM to the engine's process group. */
  terminate(): void
  /** SIGKILL to the process group and to every process that descends from the engine, wherever it hid. */
  kill(): void
}

export interface Executor {
  readonly kind: 'local' | 'slurm'
  /** Starts the engine, at most once for a run directory. The error says why it could not, for the user. */
  launch(spec: LaunchSpec): Promise<Result<RunningEngine, string>>
  /**
   * Finds the engine of a run that an earlier gateway launched; null when it was never started and now never will be.
   */
  adopt(runDir: string, runId: string): Promise<RunningEngine | null>
}
