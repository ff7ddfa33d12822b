import type { Pace, WritingReport } from '../engine/writing-task.ts'
import type { ViewerTarget } from '../viewers/viewer-target.ts'

/** What is measured: Tailgate, or what would be used instead of it. */
export interface Subject {
  readonly name: string
  /** Makes everything ready for a log to be watched while it is written. */
  open(lines: number, how: Pace): Promise<Showing>
}

/** One log, about to be written. */
export interface Showing extends AsyncDisposable {
  readonly target: ViewerTarget
  /** Null when it was not written from the log, and cannot be compared with it. */
  readonly logPath: string | null
  /** Bytes that come before the last line at the least. */
  readonly logBytes: number
  /** Lets it be written; resolves when it is. */
  write(): Promise<WritingReport>
  /** Processor time that its server has taken so far, milliseconds. */
  serverCpuMs(): number
}
