import { join } from 'node:path'

/** What the do-file tells the engine to write; the engine obeys the first line that has a task. */
export type WritingTask = {
  readonly lines: number
  readonly how: Pace
  /** The engine waits for a file `go` here, and leaves its report beside it. */
  readonly directory: string
}

export type Pace =
  /** All at once, in writes of a mebibyte. */
  | { readonly type: 'burst' }
  /** Each line in a write of its own, as fast as that goes. */
  | { readonly type: 'flushed' }
  /** Lines that hold the time at which they were written, so many a second. */
  | { readonly type: 'paced'; readonly perSecond: number }

/** When the engine wrote its first and its last line, nanoseconds of the machine's monotonic clock. */
export type WritingReport = { readonly startedAt: number; readonly endedAt: number }

/** The lines before and after what is measured. */
export const FIRST_LINE = 'bench: first line'
export const LAST_LINE = 'bench: last line'

const PREFIX = '* bench: '

export const goFile = (directory: string) => join(directory, 'go')
/** The engine has everything ready and waits for `go`. */
export const readyFile = (directory: string) => join(directory, 'ready')
export const reportFile = (directory: string) => join(directory, 'report.json')

export function doFileText(task: WritingTask): string {
  return `${PREFIX}${JSON.stringify(task)}\n`
}

/** Null when the do-file has no task. */
export function parseDoFile(text: string): WritingTask | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(PREFIX))
  // Written by `doFileText` of the same version.
  return line === undefined ? null : (JSON.parse(line.slice(PREFIX.length)) as WritingTask)
}
