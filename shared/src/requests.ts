import * as z from 'zod'
import {
  MAX_ARG_LENGTH,
  MAX_ARGS,
  MAX_CREDENTIAL_LENGTH,
  MAX_PAGE_LINES,
  MAX_PAGE_MARKS,
  MAX_PAGE_RUNS,
  MAX_PATH_LENGTH,
  MAX_RUN_KEY_LENGTH,
  MAX_SEARCH_LENGTH,
  MAX_SEARCH_MATCHES,
  MAX_TAIL_LINES,
  MAX_TIMEOUT_MS,
} from './limits.ts'
import { markKindSchema } from './responses.ts'
import { runStateSchema } from './run.ts'

/** What callers may ask. Strict: an unknown parameter is refused, since it is usually a misspelt one. */

const path = z.string().min(1, 'must not be empty').max(MAX_PATH_LENGTH)
/** As a run's record has it: of POSIX systems, of Windows with a drive letter, of a Windows share. */
const absolutePath = path.regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)/, 'must be an absolute path')
const args = z.array(z.string().max(MAX_ARG_LENGTH)).max(MAX_ARGS)
const runKey = z.string().min(1, 'must not be empty').max(MAX_RUN_KEY_LENGTH)
const timeoutMs = z.number().positive('must be more than 0').max(MAX_TIMEOUT_MS)
const format = z.enum(['text', 'json'])

/** Numbers and booleans in a query string arrive as text. */
const numeric = (schema: z.ZodNumber) =>
  z
    .string()
    .trim()
    .regex(/^-?\d+(\.\d+)?$/, 'must be a number')
    .transform(Number)
    .pipe(schema)
const flag = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')

/** Input of `POST /runs` and `runs.start`. */
export const startRunSchema = z.strictObject({
  /** Path of the do-file; a relative one is taken from the first allowed root. */
  file: path,
  /** Arguments of the do-file, its macros `1', `2', …; default none. */
  args: args.optional(),
  /** Directory to run in; default the do-file's own. */
  workingDir: path.optional(),
  /** Stop the run after this many milliseconds; default never. */
  timeoutMs: timeoutMs.optional(),
  /** The same key and parameters from the same caller are the same run; anything else is refused (`conflict`). */
  runKey: runKey.optional(),
  /** Cancel the run once its last viewer has been gone for 5 s, or nobody came back 30 s after a restart; default false. */
  cancelOnDisconnect: z.boolean().optional(),
})
export type StartRun = z.infer<typeof startRunSchema>

/** Query of `GET /run_file` and `GET /run_file/stream`; `timeout` is in seconds. */
export const runFileQuerySchema = z.strictObject({
  file_path: path,
  timeout: numeric(
    z
      .number()
      .positive('must be more than 0')
      .max(MAX_TIMEOUT_MS / 1000),
  ).optional(),
  working_dir: path.optional(),
  args: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .pipe(args)
    .optional(),
  format: format.optional(),
  run_key: runKey.optional(),
  cancel_on_disconnect: flag.optional(),
  /** As `Last-Event-ID`: attach at this cursor, start nothing. */
  lastEventId: z.string().optional(),
})

/** JSON body of `POST /run_file`; `timeout` is in seconds. */
export const runFileBodySchema = z.strictObject({
  file_path: path,
  timeout: z
    .number()
    .positive('must be more than 0')
    .max(MAX_TIMEOUT_MS / 1000)
    .optional(),
  working_dir: path.optional(),
  args: args.optional(),
  format: format.optional(),
  run_key: runKey.optional(),
  cancel_on_disconnect: z.boolean().optional(),
})
export type RunFile = z.infer<typeof runFileBodySchema>

const tailLines = z.number().int().min(0).max(MAX_TAIL_LINES)

/** Query of `GET /runs/:id/stream`. `lastEventId` is what `EventSource` polyfills send; `cursor` says the same. */
export const streamQuerySchema = z.strictObject({
  format: format.optional(),
  cursor: z.string().optional(),
  lastEventId: z.string().optional(),
  /** Begin this many lines before the log's end; a cursor goes before it, so that it may stay in the address. */
  tail: numeric(tailLines).optional(),
})

const listRuns = {
  /** Only runs in these states. */
  state: z.array(runStateSchema).optional(),
  /** At most this many; default 50. */
  limit: z.number().int().min(1).max(MAX_PAGE_RUNS).optional(),
  /** Only runs of this do-file, by its absolute path. */
  file: absolutePath.optional(),
  /** Only runs that have this text, in whatever case, in their file, arguments, starter or outcome. */
  q: z.string().max(MAX_SEARCH_LENGTH).optional(),
  /** The `next` of the page before. */
  cursor: z.string().max(100).optional(),
}

/** Input of `runs.list`. */
export const listRunsSchema = z.strictObject(listRuns)
export type ListRuns = z.infer<typeof listRunsSchema>

/** Query of `GET /runs`; `state` may be repeated or separated by commas. */
export const listRunsQuerySchema = z.strictObject({
  state: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => [value].flat().flatMap((part) => part.split(',')))
    .pipe(z.array(runStateSchema))
    .optional(),
  limit: numeric(z.number().int().min(1).max(MAX_PAGE_RUNS)).optional(),
  file: listRuns.file,
  q: listRuns.q,
  cursor: listRuns.cursor,
})

/** Input of everything that needs a run and nothing else. */
export const runIdSchema = z.strictObject({ runId: z.string().min(1).max(64) })

/** Input of `runs.follow`; tRPC puts the last event's id into `lastEventId`. */
export const followSchema = z.strictObject({
  runId: z.string().min(1).max(64),
  lastEventId: z.string().nullish(),
  /** Begin this many lines before the log's end; used while there is no `lastEventId`. */
  tail: tailLines.optional(),
})

const page = {
  /** 1-based number of the first line; default 1. */
  from: z.number().int().min(1),
  /** How many lines; default and most 2,000. */
  count: z.number().int().min(1).max(MAX_PAGE_LINES),
  /** Of each line at most this many characters (UTF-16 code units); default all. */
  maxChars: z.number().int().min(1),
}

/** Input of `runs.lines`. */
export const linesSchema = z.strictObject({
  runId: runIdSchema.shape.runId,
  from: page.from.optional(),
  count: page.count.optional(),
  maxChars: page.maxChars.optional(),
})
export type LinesRequest = z.infer<typeof linesSchema>

/** Query of `GET /runs/:id/lines`. */
export const linesQuerySchema = z.strictObject({
  from: numeric(page.from).optional(),
  count: numeric(page.count).optional(),
  maxChars: numeric(page.maxChars).optional(),
})

const direction = z.enum(['forward', 'backward'])

const marks = {
  kind: markKindSchema,
  /** 1-based line to begin at; default the first, or backward the last. */
  from: z.number().int().min(1),
  /** At most this many; default 100. */
  limit: z.number().int().min(1).max(MAX_PAGE_MARKS),
}

/** Input of `runs.marks`: the commands or errors from a line on; `direction` is `forward` by default. */
export const marksSchema = z.strictObject({
  runId: runIdSchema.shape.runId,
  kind: marks.kind,
  from: marks.from.optional(),
  limit: marks.limit.optional(),
  direction: direction.optional(),
})
export type MarksRequest = z.infer<typeof marksSchema>

/** Query of `GET /runs/:id/marks`. */
export const marksQuerySchema = z.strictObject({
  kind: marks.kind,
  from: numeric(marks.from).optional(),
  limit: numeric(marks.limit).optional(),
  direction: direction.optional(),
})

const search = {
  q: z.string().min(1, 'must not be empty').max(MAX_SEARCH_LENGTH),
  /** 1-based line to begin at; default the first, or backward the last. */
  from: z.number().int().min(1),
  /** 1-based line to end at; default the last, or backward the first. */
  to: z.number().int().min(1),
  /** At most this many matches; default 100. With 0 they are only counted. */
  limit: z.number().int().min(0).max(MAX_SEARCH_MATCHES),
}

/** Input of `runs.search`: literal text; `direction` is `forward` and `ignoreCase` false by default. */
export const searchSchema = z.strictObject({
  runId: runIdSchema.shape.runId,
  q: search.q,
  ignoreCase: z.boolean().optional(),
  from: search.from.optional(),
  to: search.to.optional(),
  limit: search.limit.optional(),
  direction: direction.optional(),
})
export type SearchRequest = z.infer<typeof searchSchema>

/** Query of `GET /runs/:id/search`. */
export const searchQuerySchema = z.strictObject({
  q: search.q,
  ignoreCase: flag.optional(),
  from: numeric(search.from).optional(),
  to: numeric(search.to).optional(),
  limit: numeric(search.limit).optional(),
  direction: direction.optional(),
})

/** Query of `GET /runs/:id/log`: `tail=N` for the last N lines only. */
export const logQuerySchema = z.strictObject({
  tail: numeric(tailLines).optional(),
})

/** Body of `POST /login`: a token, or the one-time code of the link that the gateway printed at its start. */
export const loginSchema = z
  .strictObject({
    token: z.string().min(1, 'must not be empty').max(MAX_CREDENTIAL_LENGTH).optional(),
    code: z.string().min(1, 'must not be empty').max(MAX_CREDENTIAL_LENGTH).optional(),
  })
  .refine(({ token, code }) => (token === undefined) !== (code === undefined), 'give either "token" or "code"')
