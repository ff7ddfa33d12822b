import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * Telling processes apart: a pid alone may by now be somebody else's. Reads Linux's /proc; elsewhere asks `ps`.
 * `launch-script.ts` writes the same identity in the language of the shell.
 */

const run = promisify(execFile)

/** What /proc/PID/stat says of a process, see proc_pid_stat(5). */
export type ProcessStat = {
  /** Dead; nobody has waited for it yet. */
  readonly dead: boolean
  readonly group: number
  /** Clock ticks between the boot and its start. */
  readonly startTime: string
}

/** Reads a /proc/PID/stat. The name in parentheses may hold anything, even spaces, parentheses and line ends. */
export function parseStat(text: string): ProcessStat {
  const [state = '', , group, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { dead: 'ZXx'.includes(state), group: Number(group), startTime: rest[16] ?? '' }
}

/** The stat of a process of this Linux machine; null when there is no such process (any more). */
export async function readStat(pid: number): Promise<ProcessStat | null> {
  const text = await readOfProcess(pid, 'stat')
  return text === null ? null : parseStat(text)
}

/**
 * Start time (and boot) of a process, which no later process with the same pid shares; null when there is none.
 * Rejects when that cannot be told, such as for want of file descriptors: it may well be alive then.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? await linuxIdentity(pid) : await psIdentity(pid)
}

async function linuxIdentity(pid: number): Promise<string | null> {
  const stat = await readStat(pid)
  if (stat === null || stat.dead) return null
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  return `${boot.trim()}/${stat.startTime}`
}

/** For how long the machine has been up, by a clock that nobody can set; null where that cannot be told. */
export async function uptimeMs(): Promise<number | null> {
  const text = await readFile('/proc/uptime', 'utf8').catch(() => '')
  return text === '' ? null : Number.parseFloat(text) * 1_000
}

/** For systems without /proc. The time is told in the language and zone that the launch script asks for too. */
export async function psIdentity(pid: number): Promise<string | null> {
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' }
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)], { env })
    return stdout.trim().replaceAll(/ +/g, '_')
  } catch (error) {
    // The status of a ps that found nobody.
    if (errorCode(error) === 1) return null
    throw error
  }
}

/** A file of /proc/PID; null when there is no such process (any more) or it is not ours to look into. */
export async function readOfProcess(pid: number, name: 'stat' | 'environ'): Promise<string | null> {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'latin1')
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].some((code) => code === errorCode(error))) return null
    throw error
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
