import * as z from 'zod'
import { engineSchema, runSchema } from './run.ts'

/** What the gateway answers besides the Run record and the stream of events. */

/** A page of runs, newest first; `next` continues it and is null on the last page. */
export const runPageSchema = z.object({ runs: z.array(runSchema), next: z.string().nullable() })
export type RunPage = z.infer<typeof runPageSchema>

/** What a log line is. */
export const lineKindSchema = z.enum(['output', 'command', 'continuation', 'error'])
export type LineKind = z.infer<typeof lineKindSchema>

/** A page of log lines by number. */
export const linesPageSchema = z.object({
  lines: z.array(
    z.object({
      /** 1-based. */
      number: z.number().int(),
      text: z.string(),
      kind: lineKindSchema,
      /** The line was cut at MAX_LINE_BYTES and goes on in the next; absent otherwise. */
      cut: z.literal(true).optional(),
    }),
  ),
  /** Complete lines in the log so far. */
  total: z.number().int(),
  /** Of the log these numbers belong to; a `reset` raises it. */
  generation: z.number().int(),
  /** True when the run has ended and the log will not grow. */
  complete: z.boolean(),
})
export type LinesPage = z.infer<typeof linesPageSchema>

/** Lines that contain the text searched for. */
export const searchPageSchema = z.object({
  matches: z.array(z.object({ number: z.number().int(), text: z.string() })),
  /** Number of the last line that was looked at; search on from the line after it. */
  scannedTo: z.number().int(),
  /** Complete lines in the log so far. */
  total: z.number().int(),
  /** True when the whole log, as it stands, was looked at. */
  complete: z.boolean(),
})
export type SearchPage = z.infer<typeof searchPageSchema>

/** Answer of `GET /health`. */
export const healthSchema = z.object({
  /** `degraded`: runs are watched and served, but something needs the admin; `problems` says what. */
  status: z.enum(['ok', 'degraded']),
  problems: z.array(z.string()),
  version: z.string(),
  /** True only for a real Stata. */
  stata_available: z.boolean(),
  engine: engineSchema,
  executor: z.enum(['local', 'slurm']),
  running: z.number().int(),
  queued: z.number().int(),
})
export type Health = z.infer<typeof healthSchema>

/** Answer of `engine.info`: the engine in use and how it was found. */
export const engineInfoSchema = z.object({
  engine: engineSchema,
  stata_available: z.boolean(),
  /** Whether the engine has been seen to start; `unproven` says why not in `problem`. */
  probe: z.enum(['proven', 'unproven', 'not-probed']),
  problem: z.string().nullable(),
  /** Where a Stata was looked for, in order, and what was found there. */
  looked: z.array(z.object({ where: z.string(), path: z.string().nullable(), result: z.string() })),
})
export type EngineInfo = z.infer<typeof engineInfoSchema>

/** What a caller may do: `run` everything, `watch` only look. */
export const roleSchema = z.enum(['run', 'watch'])
export type Role = z.infer<typeof roleSchema>

/** Answer of `GET /whoami` and `POST /login`: who the gateway takes the caller for. */
export const whoAmISchema = z.object({
  /** As in the Run record's `startedBy`; null when the gateway does not tell callers apart. */
  name: z.string().nullable(),
  role: roleSchema,
})
export type WhoAmI = z.infer<typeof whoAmISchema>

/** Answer of `GET /health/live` and `GET /health/ready`. */
export const probeSchema = z.object({ status: z.enum(['ok', 'closing']) })
export type Probe = z.infer<typeof probeSchema>
