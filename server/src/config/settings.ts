import * as z from 'zod'
import { envNameProblem } from '../security/engine-env.ts'
import { AUTH_MODES } from '../security/exposure.ts'
import { hostProblem, originProblem } from '../security/hosts-and-origins.ts'

/** Everything that can be set about a gateway, once it is known to be sensible. Paths are absolute. */
export const settingsSchema = z.strictObject({
  /** Address to listen on. */
  host: z.string().min(1, 'must not be empty'),
  /** Port to listen on; 0 takes a free one. */
  port: whole(0, 65_535),
  /** Path of a Unix socket to listen on instead of an address; null for none. */
  socket: z.string().min(1, 'must not be empty').nullable(),
  /** Who is let in; see `security/exposure.ts`. */
  auth: z.enum(AUTH_MODES, { error: 'must be auto, token or none' }),
  /** Host names that are the gateway's besides loopback's; `.example.org` stands for every name below it. */
  allowHosts: listOf(hostProblem),
  /** Origins whose pages may call besides the gateway's own. */
  allowOrigins: listOf(originProblem),
  /** Environment variables that engines get besides the usual ones; a trailing `*` stands for any ending. */
  envPass: listOf(envNameProblem),
  /** Requests that one caller may send in a minute. */
  maxRequests: whole(1, 10_000_000),
  /** Streams that may be open in all. */
  maxStreams: whole(1, 100_000),
  /** Streams that one caller may have open. */
  maxStreamsPerCaller: whole(1, 100_000),
  /** File with the tokens; null for `tokens.json` in the data directory. */
  tokenFile: z.string().min(1, 'must not be empty').nullable(),
  /** File that tells who started, cancelled and deleted what; null for `audit.jsonl` in the data directory. */
  auditFile: z.string().min(1, 'must not be empty').nullable(),
  /** Directory for records and logs; created when it is not there. */
  dataDir: z.string().min(1, 'must not be empty'),
  /** Directories that do-files may be run from; a relative path in a request is taken from the first. */
  roots: z.array(z.string().min(1, 'must not be empty')).min(1, 'must name at least one directory'),
  /** Path of Stata's executable, or `standin`; null to look for Stata. */
  stata: z.string().min(1, 'must not be empty').nullable(),
  /** Runs that may run at once; more wait in the queue. */
  maxRunning: whole(1, 10_000),
  /** Runs that may wait; more are refused. */
  maxQueued: whole(0, 100_000),
  /** How long a cancelled engine has between SIGTERM and SIGKILL, milliseconds. */
  killGraceMs: z
    .number('must be a number of seconds')
    .min(0, 'must not be negative')
    .max(3_600_000, 'must be at most 3600'),
  /** Ended runs that are kept, the newest; null keeps any number. */
  keepRuns: whole(0, 10_000_000).nullable(),
  /** How long ended runs are kept, days; null for ever. */
  keepDays: z.number('must be a number of days').min(0, 'must not be negative').nullable(),
  /** Bytes of log that ended runs may take together; null for any. */
  keepBytes: z.number('must be a number of bytes, such as 500M or 20G').min(0, 'must not be negative').nullable(),
  /** What happens to running do-files when the gateway is told to stop: they go on (`leave`), or are cancelled. */
  onShutdown: z.enum(['leave', 'cancel'], { error: 'must be leave or cancel' }),
  /** The least important messages that still go to the log on stderr. */
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    error: 'must be fatal, error, warn, info, debug, trace or silent',
  }),
})
export type Settings = z.infer<typeof settingsSchema>
export type SettingName = keyof Settings

function whole(min: number, max: number): z.ZodNumber {
  const message = `must be a whole number from ${min} to ${max}`
  return z.number(message).int(message).min(min, message).max(max, message)
}

function listOf(problemWith: (text: string) => string | null): z.ZodArray<z.ZodString> {
  const text = z.string().check((context) => {
    const message = problemWith(context.value)
    if (message !== null) context.issues.push({ code: 'custom', message, input: context.value })
  })
  return z.array(text)
}
