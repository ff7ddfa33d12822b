import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** What the kernel says of processes (Linux). */

/** Clock ticks a second, the same on every Linux (`getconf CLK_TCK`). */
const TICKS = 100

/** Processor time that processes and all below them have taken, milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  const all = readAll()
  const wanted = new Set(pids)
  // Parents come before their children often, not always.
  for (let known = -1; known !== wanted.size; ) {
    known = wanted.size
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid)
  }
  return all.reduce((sum, { pid, ticks }) => (wanted.has(pid) ? sum + (ticks * 1000) / TICKS : sum), 0)
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

function readAll(): { pid: number; parent: number; ticks: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Its own time and that of its children that have ended: fields 14 to 17 of proc(5).
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
      return [{ pid: Number(name), parent: Number(fields[1]), ticks }]
    } catch {
      return []
    }
  })
}
