import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** What the kernel says of processes (Linux). */

/** Processor time that processes and all that live below them have taken, milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  const all = readParents()
  const wanted = new Set(pids)
  // Parents come before their children often, not always.
  for (let known = -1; known !== wanted.size; ) {
    known = wanted.size
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid)
  }
  return [...wanted].reduce((sum, pid) => sum + threadsMs(pid), 0)
}

/** Resident memory, bytes. */
export function residentBytes(pid: number): number {
  return statusBytes(pid, 'VmRSS')
}

/** The most resident memory since it was last forgotten, bytes. */
export function peakResidentBytes(pid: number): number {
  return statusBytes(pid, 'VmHWM')
}

/** The peak begins anew. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

function statusBytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  if (kilobytes === undefined) throw new Error(`The kernel does not tell ${name} of process ${pid}.`)
  return Number(kilobytes) * 1024
}

/** By the scheduler's own count, which is finer than the clock ticks of `stat`; threads that have ended are missing. */
function threadsMs(pid: number): number {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    const times = tasks.map((task) =>
      Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'latin1').split(' ')[0]),
    )
    return times.reduce((sum, nanoseconds) => sum + nanoseconds / 1e6, 0)
  } catch {
    return 0
  }
}

function readParents(): { pid: number; parent: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return [{ pid: Number(name), parent: Number(parent) }]
    } catch {
      // It has ended.
      return []
    }
  })
}
