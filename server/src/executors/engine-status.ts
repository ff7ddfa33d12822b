import { readFile, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import type { EngineExit } from './executor.ts'

/** The exit status that a shell saw and wrote down; null when there is none. */
export async function readStatus(path: string): Promise<number | null> {
  const content = await readFile(path, 'utf8').catch(() => '')
  return /^\d+\n$/.test(content) ? Number(content) : null
}

/** When it was written down, milliseconds since 1970; null when it was not. */
export async function statusTime(path: string): Promise<number | null> {
  return await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
}

/**
 * A shell tells of a death by signal N as status 128 + N (POSIX, Shell Command Language 2.8.2), and so cannot tell it
 * from an exit with that status; the signal is what it nearly always was.
 */
export function exitOfStatus(status: number): EngineExit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
  return signal === undefined ? { type: 'exited', exitCode: status } : { type: 'signalled', signal }
}
