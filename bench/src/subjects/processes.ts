import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** What the kernel says of processes (Linux). */

/** Clock ticks a second, the same on every Linux (`getconf CLK_TCK`). */
const TICKS = 100

/** Processor time that a process has taken, milliseconds. */
export function processCpuMs(pid: number): number {
  return readAll().find((process) => process.pid === pid)?.cpuMs ?? 0
}

/** Processor time that a process and all that live below it have taken, milliseconds. */
export function treeCpuMs(pid: number): number {
  const all = readAll()
  const wanted = new Set([pid])
  // Parents come before their children often, not always.
  for (let known = 0; known !== wanted.size; ) {
    known = wanted.size
    for (const process of all) if (wanted.has(process.parent)) wanted.add(process.pid)
  }
  return all.reduce((sum, process) => (wanted.has(process.pid) ? sum + process.cpuMs : sum), 0)
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

type ProcessTimes = { readonly pid: number; readonly parent: number; readonly cpuMs: number }

function readAll(): ProcessTimes[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // In user mode and in the kernel: fields 14 and 15 of proc(5).
      const ticks = Number(fields[11]) + Number(fields[12])
      return [{ pid: Number(name), parent: Number(fields[1]), cpuMs: (ticks * 1000) / TICKS }]
    } catch {
      // It has ended.
      return []
    }
  })
}
