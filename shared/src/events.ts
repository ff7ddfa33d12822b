import * as z from 'zod'
import { lineKindSchema } from './line-kind.ts'
import { runSchema } from './run.ts'

/** The events of a run's stream: one discriminated union, the same on every transport. */

/** The whole Run record: first event of every stream, then again whenever it changes. The latest one counts. */
export const runEventSchema = z.object({ type: z.literal('run'), run: runSchema })

/** Complete log lines, in order. Nothing is lost and nothing comes twice. */
export const linesEventSchema = z.object({
  type: z.literal('lines'),
  /** 1-based number of the first line. */
  first: z.number().int(),
  /** Byte offset in the log before the first line. */
  start: z.number().int(),
  /** Byte offset in the log after the last line. */
  next: z.number().int(),
  /** The lines without their ends (LF or CRLF). Bytes that are not UTF-8 are read as Windows-1252. */
  text: z.array(z.string()),
  /** Numbers of the lines that were cut at MAX_LINE_BYTES and go on in the next; absent when none was. */
  cut: z.array(z.number().int()).optional(),
  /**
   * Numbers of the lines that are more than plain output, by kind; absent when there are none. Earlier lines may be
   * named again: only the `r(N);` behind an error's message tells that it is one.
   */
  kinds: z.partialRecord(lineKindSchema, z.array(z.number().int())).optional(),
})

/** The unfinished last line, once it has stood still for 250 ms; a later `lines` event completes and replaces it. */
export const partialEventSchema = z.object({
  type: z.literal('partial'),
  /** 1-based number the line will have. */
  line: z.number().int(),
  text: z.string(),
})

/** Every 2 s of a running run, on the grid of the run's own clock. Ticks that were missed are not replayed. */
export const tickEventSchema = z.object({
  type: z.literal('tick'),
  /** Milliseconds since the run started: 2000, 4000, 6000, … */
  elapsedMs: z.number(),
})

/** The log began anew: line and byte numbers start again at 1 and 0. */
export const resetEventSchema = z.object({
  type: z.literal('reset'),
  generation: z.number().int(),
  reason: z.enum(['truncated', 'replaced']),
})

/** The run is over: the final Run record, once, after the last line. */
export const endEventSchema = z.object({ type: z.literal('end'), run: runSchema })

export const eventSchema = z.discriminatedUnion('type', [
  runEventSchema,
  linesEventSchema,
  partialEventSchema,
  tickEventSchema,
  resetEventSchema,
  endEventSchema,
])

export type RunEvent = z.infer<typeof runEventSchema>
export type LinesEvent = z.infer<typeof linesEventSchema>
export type PartialEvent = z.infer<typeof partialEventSchema>
export type TickEvent = z.infer<typeof tickEventSchema>
export type ResetEvent = z.infer<typeof resetEventSchema>
export type EndEvent = z.infer<typeof endEventSchema>

/** Any event of a run's stream. */
export type TailgateEvent = z.infer<typeof eventSchema>
