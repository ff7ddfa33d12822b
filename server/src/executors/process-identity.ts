import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * Telling processes apart: a pid alone may by now be somebody else's. Reads Linux's /proc; elsewhere asks `ps`.
 */

/** The environment variable that marks everything a run started. */
export const RUN_ID_VARIABLE = 'TAILGATE_RUN_ID'

const run = promisify(execFile)

/** Start time (and boot) of a process, which no later process with the same pid shares; null when there is none. */
export async function processIdentity(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? await linuxIdentity(pid) : await psIdentity(pid)
}

/** Field 22 of /proc/PID/stat, see proc(5). */
async function linuxIdentity(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return null
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return `${boot.trim()}/${fields[19]}`
  } catch {
    return null
  }
}

async function psIdentity(pid: number): Promise<string | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)])
    return stdout.trim().replaceAll(/ +/g, '_')
  } catch {
    return null
  }
}

/**
 * Every process that carries the run's mark: the engine and all its descendants, whatever group they moved to. Where
 * environments cannot be read, the leader's process group.
 */
export async function processesOfRun(runId: string, leader: number): Promise<number[]> {
  if (process.platform !== 'linux') return await processesOfGroup(leader)
  const mark = `${RUN_ID_VARIABLE}=${runId}`
  const pids: number[] = []
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    // A dead process that nobody has waited for yet shows an empty environment.
    const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '')
    if (environment.split('\0').includes(mark)) pids.push(Number(name))
  }
  return pids
}

async function processesOfGroup(leader: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,pgid='])
  const rows = stdout.split('\n').map((row) => row.trim().split(/ +/).map(Number))
  return rows.flatMap(([pid, group]) => (pid !== undefined && group === leader ? [pid] : []))
}
