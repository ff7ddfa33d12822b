import { artifactSchema, engineSchema, outcomeSchema, progressSchema, runStateSchema } from '@tailgate/shared'
import * as z from 'zod'

/** A run as the store keeps it: what the Run record is made of, and what a restarted gateway needs besides. */

/** Why Tailgate is stopping a run, from the moment it decided to. */
export const intentSchema = z.enum(['cancelled', 'timed-out'])
export type Intent = z.infer<typeof intentSchema>

const json = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)

/** Rows are parsed on the way out: a database that was tampered with fails here and not in a viewer. */
export const storedRunSchema = z
  .object({
    id: z.string(),
    state: runStateSchema,
    intent: intentSchema.nullable(),
    file: z.string(),
    args: json(z.array(z.string())),
    working_dir: z.string(),
    engine: json(engineSchema),
    executor: z.enum(['local', 'slurm']),
    started_by: z.string().nullable(),
    run_key: z.string().nullable(),
    request_digest: z.string(),
    cancel_on_disconnect: z.number(),
    attempt: z.number(),
    timeout_ms: z.number().nullable(),
    queued_at: z.number(),
    started_at: z.number().nullable(),
    ended_at: z.number().nullable(),
    elapsed_ms: z.number().nullable(),
    outcome: json(outcomeSchema).nullable(),
    progress: json(progressSchema),
    artifacts: json(z.array(artifactSchema)),
    generation: z.number(),
    log_bytes: z.number(),
    log_lines: z.number(),
  })
  .transform((row) => ({
    id: row.id,
    state: row.state,
    intent: row.intent,
    file: row.file,
    args: row.args,
    workingDir: row.working_dir,
    engine: row.engine,
    executor: row.executor,
    startedBy: row.started_by,
    runKey: row.run_key,
    /** Hash of the request, to tell a repeated start from a reused key. */
    requestDigest: row.request_digest,
    cancelOnDisconnect: row.cancel_on_disconnect !== 0,
    /** How often a launch was tried; each try has its own claim in the run's directory. */
    attempt: row.attempt,
    timeoutMs: row.timeout_ms,
    /** Times are milliseconds since 1970, UTC. */
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    /** Duration by the run's own clock; null until it has ended. */
    elapsedMs: row.elapsed_ms,
    outcome: row.outcome,
    progress: row.progress,
    artifacts: row.artifacts,
    generation: row.generation,
    logBytes: row.log_bytes,
    logLines: row.log_lines,
  }))

export type StoredRun = z.infer<typeof storedRunSchema>
