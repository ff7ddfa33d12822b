import * as z from 'zod'

/** Everything that can be set about a gateway, once it is known to be sensible. Paths are absolute. */
export const settingsSchema = z.strictObject({
  /** Address to listen on. */
  host: z.string().min(1, 'must not be empty'),
  /** Port to listen on; 0 takes a free one. */
  port: whole(0, 65_535),
  /** Directory for records and logs; created when it is not there. */
  dataDir: z.string().min(1, 'must not be empty'),
  /** Directories that do-files may be run from; a relative path in a request is taken from the first. */
  roots: z.array(z.string()).min(1, 'must name at least one directory'),
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
  keepBytes: z.number('must be a number of bytes').min(0, 'must not be negative').nullable(),
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
