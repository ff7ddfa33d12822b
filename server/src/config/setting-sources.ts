import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { MAX_REQUESTS_PER_MINUTE, MAX_STREAMS, MAX_STREAMS_PER_CALLER } from '../security/limits.ts'
import type { SettingName } from './settings.ts'

/** Where each setting can come from: its flag, its environment variable, its line in the config file, its default. */

/** What defaults and relative paths depend on. */
export type Surroundings = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  /** How many processes this machine runs at once. */
  readonly processors: number
}

export type SettingSource = {
  /** As commander reads it. */
  readonly flag: string
  readonly env: string
  readonly help: string
  /** The value that a text from a flag or a variable stands for; what makes no sense is left for the schema to refuse. */
  readonly read: (text: string, surroundings: Surroundings) => unknown
  /** The setting is a list: the flag may be repeated, the variable is separated as PATH is, or by spaces and commas. */
  readonly list?: 'paths' | 'words'
  readonly fallback: (surroundings: Surroundings) => unknown
}

export const SETTING_SOURCES: Readonly<Record<SettingName, SettingSource>> = {
  host: {
    flag: '--host <address>',
    env: 'TAILGATE_HOST',
    help: 'address to listen on (default: 127.0.0.1)',
    read: (text) => text,
    fallback: () => '127.0.0.1',
  },
  port: {
    flag: '--port <number>',
    env: 'TAILGATE_PORT',
    help: 'port to listen on, 0 for a free one (default: 4000)',
    read: number,
    fallback: () => 4000,
  },
  socket: {
    flag: '--socket <path>',
    env: 'TAILGATE_SOCKET',
    help: 'Unix socket to listen on instead of an address (default: none)',
    read: path,
    fallback: () => null,
  },
  auth: {
    flag: '--auth <mode>',
    env: 'TAILGATE_AUTH',
    help: 'who is let in: auto (on loopback you without a token, everybody else with one), token or none (default: auto)',
    read: (text) => text,
    fallback: () => 'auto',
  },
  allowHosts: {
    flag: '--allow-host <name>',
    env: 'TAILGATE_ALLOW_HOSTS',
    help: 'host name by which the gateway may be called besides localhost, repeatable (default: none)',
    list: 'words',
    read: (text) => text,
    fallback: () => [],
  },
  allowOrigins: {
    flag: '--allow-origin <origin>',
    env: 'TAILGATE_ALLOW_ORIGINS',
    help: 'origin whose pages may call, such as https://portal.example.org, repeatable (default: only its own)',
    list: 'words',
    read: (text) => text,
    fallback: () => [],
  },
  envPass: {
    flag: '--env-pass <name>',
    env: 'TAILGATE_ENV_PASS',
    help: 'environment variable that do-files may see besides the usual ones, repeatable; NAME* for any ending',
    list: 'words',
    read: (text) => text,
    fallback: () => [],
  },
  maxRequests: {
    flag: '--max-requests <number>',
    env: 'TAILGATE_MAX_REQUESTS',
    help: `requests that one caller may send in a minute (default: ${MAX_REQUESTS_PER_MINUTE})`,
    read: number,
    fallback: () => MAX_REQUESTS_PER_MINUTE,
  },
  maxStreams: {
    flag: '--max-streams <number>',
    env: 'TAILGATE_MAX_STREAMS',
    help: `streams that may be open in all (default: ${MAX_STREAMS})`,
    read: number,
    fallback: () => MAX_STREAMS,
  },
  maxStreamsPerCaller: {
    flag: '--max-streams-per-caller <number>',
    env: 'TAILGATE_MAX_STREAMS_PER_CALLER',
    help: `streams that one caller may have open (default: ${MAX_STREAMS_PER_CALLER})`,
    read: number,
    fallback: () => MAX_STREAMS_PER_CALLER,
  },
  tokenFile: {
    flag: '--token-file <path>',
    env: 'TAILGATE_TOKEN_FILE',
    help: 'where the tokens are kept (default: tokens.json in the data directory)',
    read: path,
    fallback: () => null,
  },
  auditFile: {
    flag: '--audit-file <path>',
    env: 'TAILGATE_AUDIT_FILE',
    help: 'where starts, cancels and deletions are written down (default: audit.jsonl in the data directory)',
    read: path,
    fallback: () => null,
  },
  dataDir: {
    flag: '--data-dir <directory>',
    env: 'TAILGATE_DATA_DIR',
    help: 'where records and logs are kept (default: $XDG_STATE_HOME/tailgate or ~/.local/state/tailgate)',
    read: path,
    fallback: stateDirectory,
  },
  roots: {
    flag: '--root <directory>',
    env: 'TAILGATE_ROOTS',
    help: 'directory whose do-files may be run, repeatable (default: the current directory)',
    list: 'paths',
    read: path,
    // Not INIT_CWD: `pnpm start` then means the same wherever in the repository it is typed.
    fallback: ({ cwd }) => [cwd],
  },
  stata: {
    flag: '--stata <path>',
    env: 'TAILGATE_STATA',
    help: 'full path of Stata, or "standin" for the interpreter that comes with Tailgate (default: look for Stata)',
    read: (text) => text,
    fallback: () => null,
  },
  maxRunning: {
    flag: '--max-running <number>',
    env: 'TAILGATE_MAX_RUNNING',
    help: 'runs that run at once (default: one for each processor)',
    read: number,
    fallback: ({ processors }) => Math.max(1, processors),
  },
  maxQueued: {
    flag: '--max-queued <number>',
    env: 'TAILGATE_MAX_QUEUED',
    help: 'runs that may wait for their turn (default: 1000)',
    read: number,
    fallback: () => 1000,
  },
  killGraceMs: {
    flag: '--kill-grace <seconds>',
    env: 'TAILGATE_KILL_GRACE',
    help: 'time that a cancelled run has before it is killed (default: 5)',
    read: (text) => {
      const seconds = number(text)
      return typeof seconds === 'number' ? seconds * 1000 : seconds
    },
    fallback: () => 5_000,
  },
  keepRuns: {
    flag: '--keep-runs <number>',
    env: 'TAILGATE_KEEP_RUNS',
    help: 'ended runs to keep, the newest; 0 forgets them at once (default: all)',
    read: number,
    fallback: () => null,
  },
  keepDays: {
    flag: '--keep-days <number>',
    env: 'TAILGATE_KEEP_DAYS',
    help: 'days to keep ended runs and their logs (default: for ever)',
    read: number,
    fallback: () => null,
  },
  keepBytes: {
    flag: '--keep-bytes <size>',
    env: 'TAILGATE_KEEP_BYTES',
    help: 'bytes that the logs of ended runs may take together, such as 500M or 20G (default: any)',
    read: size,
    fallback: () => null,
  },
  onShutdown: {
    flag: '--on-shutdown <what>',
    env: 'TAILGATE_ON_SHUTDOWN',
    help: 'leave: running do-files go on when the gateway stops; cancel: they are stopped (default: leave)',
    read: (text) => text,
    fallback: () => 'leave',
  },
  logLevel: {
    flag: '--log-level <level>',
    env: 'TAILGATE_LOG_LEVEL',
    help: 'fatal, error, warn, info, debug, trace or silent (default: info)',
    read: (text) => text.toLowerCase(),
    fallback: () => 'info',
  },
}

/** The flag's name as it is typed, such as `--port`. */
export function flagName({ flag }: SettingSource): string {
  return flag.split(' ')[0] ?? flag
}

/** The setting's name in the config file: the flag's without the dashes before it, such as `max-running`. */
export function fileKey(source: SettingSource): string {
  return flagName(source).replace(/^--/, '')
}

/** The texts of a variable, or none: an empty variable is like none. */
export function readVariable(source: SettingSource, env: Surroundings['env']): readonly string[] {
  const value = env[source.env] ?? ''
  return split(value, source.list).filter((text) => text !== '')
}

function split(value: string, list: SettingSource['list']): readonly string[] {
  if (list === undefined) return [value]
  return value.split(list === 'paths' ? delimiter : /[\s,]+/)
}

function path(text: string, { cwd }: Surroundings): string {
  return text === '' ? text : resolve(cwd, text)
}

function number(text: string): unknown {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text
}

/** The XDG base directory for state; the specification has relative values ignored. */
function stateDirectory({ env, home }: Surroundings): string {
  const base = env.XDG_STATE_HOME
  return join(base !== undefined && isAbsolute(base) ? base : join(home, '.local', 'state'), 'tailgate')
}

/** Bytes, with K, M, G or T for powers of 1,024. */
function size(text: string): number {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*$/i.exec(text) ?? []
  return amount === undefined
    ? Number.NaN
    : Math.floor(Number(amount) * 1024 ** ' KMGT'.indexOf(unit.toUpperCase() || ' '))
}
