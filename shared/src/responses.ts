import * as z from 'zod'
import { lineKindSchema } from './line-kind.ts'
import { engineSchema, runSchema } from './run.ts'

/** What the gateway answers besides the Run record and the stream of events. */

/** A page of runs, newest first; `next` continues it and is null on the last page. */
export const runPageSchema = z.object({ runs: z.array(runSchema), next: z.string().nullable() })
export type RunPage = z.infer<typeof runPageSchema>

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
      /** Characters of the line (UTF-16 code units) when `text` has only the first `maxChars` of them; else absent. */
      chars: z.number().int().optional(),
    }),
  ),
  /** Complete lines in the log so far. */
  total: z.number().int(),
  /** Of the log these numbers belong to; a `reset` raises it. */
  generation: z.number().int(),
  /** Stands after line `total`: a stream that begins here goes on with the next one. */
  cursor: z.string(),
  /** True when the run has ended and the log will not grow. */
  complete: z.boolean(),
})
export type LinesPage = z.infer<typeof linesPageSchema>

/** What can be jumped to in a log: `command` is an echo, `error` a message with its `r(N);`. */
export const markKindSchema = z.enum(['command', 'error'])
export type MarkKind = z.infer<typeof markKindSchema>

/** A command or an error of a log. */
export const markSchema = z.object({
  /** 1-based number of its first line. */
  number: z.number().int(),
  /** How many lines it takes. */
  lines: z.number().int(),
  /** The first line; of a very long one, its beginning. */
  text: z.string(),
})
export type Mark = z.infer<typeof markSchema>

/** A page of the commands or errors of a log, in the order asked for; those worth jumping to, see `isMark`. */
export const marksPageSchema = z.object({
  marks: z.array(markSchema),
  /** Number of the last line that was looked at; go on behind it (or before it, when looking backward). */
  scannedTo: z.number().int(),
  /** Complete lines in the log so far. */
  total: z.number().int(),
  /** Of the log these numbers belong to; a `reset` raises it. */
  generation: z.number().int(),
  /** True when nothing is left to look at in that direction, as the log stands. */
  complete: z.boolean(),
})
export type MarksPage = z.infer<typeof marksPageSchema>

/** Lines that contain the text searched for. */
export const searchPageSchema = z.object({
  /** `text` is the line; of a very long one, the part around the first match. */
  matches: z.array(z.object({ number: z.number().int(), text: z.string() })),
  /** How many lines match from `from` to `scannedTo`: more than `matches` has only with a `limit` of 0. */
  count: z.number().int(),
  /** Number of the last line that was looked at; search on behind it (or before it, when searching backward). */
  scannedTo: z.number().int(),
  /** Complete lines in the log so far. */
  total: z.number().int(),
  /** True when nothing is left to look at in that direction, up to `to` and as the log stands. */
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
