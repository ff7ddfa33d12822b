import * as z from 'zod'

/** The Run record: everything that is known of one execution of one do-file by one engine process. */

/**
 * `queued` → `starting` → `running` → (`cancelling`) → one of the five ended states.
 * `lost` means that the outcome cannot be known, and says why in `outcome.message`.
 */
export const runStateSchema = z.enum([
  'queued',
  'starting',
  'running',
  'cancelling',
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'lost',
])
export type RunState = z.infer<typeof runStateSchema>

const ENDED: Readonly<Record<RunState, boolean>> = {
  queued: false,
  starting: false,
  running: false,
  cancelling: false,
  succeeded: true,
  failed: true,
  cancelled: true,
  'timed-out': true,
  lost: true,
}

/** True for the states that a run never leaves. */
export function isEnded(state: RunState): boolean {
  return ENDED[state]
}

/**
 * Why a run ended as it did. Closed list:
 * - `completed`: the log ends as a finished do-file's does
 * - `stata-error`: the log ends in `r(N);`
 * - `no-end-marker`: the engine exited with 0 but its log shows no end
 * - `exit-code`: the engine exited with another status and the log shows no error
 * - `signal`: something other than Tailgate killed the engine
 * - `launch-failed`: the engine could not be started
 * - `no-log`: the engine ended before it wrote a log (a missing licence, usually)
 * - `cancelled`, `timed-out`: Tailgate stopped it, as asked
 * - `engine-vanished`: the engine is gone and left no exit status (the machine restarted, say)
 * - `log-lost`: the log was deleted or could not be read to its end
 */
export const outcomeReasonSchema = z.enum([
  'completed',
  'stata-error',
  'no-end-marker',
  'exit-code',
  'signal',
  'launch-failed',
  'no-log',
  'cancelled',
  'timed-out',
  'engine-vanished',
  'log-lost',
])
export type OutcomeReason = z.infer<typeof outcomeReasonSchema>

/** How a run ended. */
export const outcomeSchema = z.object({
  /** Closed list of causes. */
  reason: outcomeReasonSchema,
  /** Stata's return code, the N of `r(N);`; 0 for success, null when the log shows none. */
  rc: z.number().int().nullable(),
  /** The log's own error lines, joined by LF, or what Tailgate knows when the log says nothing; null on success. */
  message: z.string().nullable(),
  /** The echoed command that failed, without its prompt; null when none did or it is not known. */
  command: z.string().nullable(),
  /** 1-based log line of that command's echo. */
  line: z.number().int().nullable(),
  /** Exit status of the engine process. Stata's is 0 even when the do-file failed. */
  exitCode: z.number().int().nullable(),
  /** Name of the signal that ended the engine process, such as `SIGKILL`. */
  signal: z.string().nullable(),
})
export type Outcome = z.infer<typeof outcomeSchema>

/** The engine that runs the do-file. */
export const engineSchema = z.object({
  /** `standin` is not Stata: it knows a small part of the language and says so. */
  kind: z.enum(['stata', 'standin']),
  /** Path of the executable. */
  path: z.string(),
  /** `MP`, `SE`, `BE` or `IC`; null when unknown. */
  edition: z.string().nullable(),
  /** Such as `18.5`; null when unknown. */
  version: z.string().nullable(),
})
export type Engine = z.infer<typeof engineSchema>

/** How far a running do-file is. Each part is null until the log shows it. */
export const progressSchema = z.object({
  /** The top-level statement of the do-file that is running. `current` never decreases. */
  statement: z
    .object({
      /** 1-based number among the do-file's statements. */
      current: z.number().int(),
      /** How many statements the do-file has. */
      total: z.number().int(),
      /** The statement's echo. */
      text: z.string(),
      /** 1-based log line of that echo. */
      logLine: z.number().int(),
      /** 1-based line of the do-file where the statement starts. */
      sourceLine: z.number().int(),
    })
    .nullable(),
  /** Replications of `bootstrap`, `simulate`, `permute` and the like. */
  replications: z
    .object({
      done: z.number().int(),
      /** Null when the log does not say how many there will be. */
      total: z.number().int().nullable(),
      /** Replications that Stata marked as failed (x, s, e, n or ?). */
      failed: z.number().int(),
    })
    .nullable(),
  /** The last `Iteration k:` line of an estimator. */
  iteration: z.object({ number: z.number().int(), label: z.string(), value: z.number().nullable() }).nullable(),
  /** Derived from earlier successful runs of the same do-file: an estimate, not a promise. */
  estimate: z
    .object({
      /** Median duration of the earlier runs, milliseconds. */
      expectedMs: z.number(),
      /** Percentage done, 0 to 99; never decreases. */
      percent: z.number(),
      /** Time left, milliseconds; 0 when the run takes longer than expected. */
      remainingMs: z.number(),
      /** How many earlier runs it rests on. */
      runs: z.number().int(),
    })
    .nullable(),
})
export type Progress = z.infer<typeof progressSchema>

/** A file that the log says was saved. */
export const artifactSchema = z.object({
  /** 0-based number within the run, the `:n` of `GET /runs/:id/artifacts/:n`. */
  index: z.number().int(),
  /** Absolute path, resolved against the working directory of that moment. */
  path: z.string(),
  name: z.string(),
  kind: z.enum(['graph', 'dataset', 'table', 'document', 'log', 'other']),
  /** Size in bytes; null when the file is not there (any more). */
  bytes: z.number().int().nullable(),
  /** When the file was last changed, ISO 8601; null when it is not there. */
  modifiedAt: z.string().nullable(),
  /** 1-based log line that says so. */
  logLine: z.number().int(),
})
export type Artifact = z.infer<typeof artifactSchema>

/** The whole Run record. Times are ISO 8601 in UTC; durations are milliseconds. */
export const runSchema = z.object({
  /** Sortable by start order, unguessable. */
  id: z.string(),
  /** Absolute path of the do-file. */
  file: z.string(),
  /** Arguments given to the do-file: its macros `1', `2', … */
  args: z.array(z.string()),
  /** Absolute path of the directory the do-file runs in. */
  workingDir: z.string(),
  engine: engineSchema,
  executor: z.enum(['local', 'slurm']),
  /** Name of whoever started it; null when the gateway does not tell callers apart. */
  startedBy: z.string().nullable(),
  state: runStateSchema,
  /** 1-based place in the queue; null unless queued. */
  queuePosition: z.number().int().nullable(),
  queuedAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** Since the start: 0 before it, final once ended. */
  elapsedMs: z.number(),
  /** The run is stopped after this long; null for never. */
  timeoutMs: z.number().nullable(),
  /** Null until the run has ended. */
  outcome: outcomeSchema.nullable(),
  progress: progressSchema,
  artifacts: z.array(artifactSchema),
  /**
   * What needs somebody's attention while the run is going on, such as a log that cannot be read or a full disk, or
   * in the stream of an ended run that its log is gone; absent when nothing does.
   */
  problem: z.string().optional(),
  /** The log as far as it has been read: bytes in all, and complete lines. */
  log: z.object({ bytes: z.number().int(), lines: z.number().int() }),
})
export type Run = z.infer<typeof runSchema>
