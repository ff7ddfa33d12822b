import type { Keeping, ViewerTarget } from './viewer-target.ts'

/** What the bench asks of the process with the viewers, and what it answers: one answer to each question, in order. */

export type Question =
  /** Opens viewers; answered when each has its response's head. `stalled` of them read nothing after it. */
  | {
      readonly type: 'connect'
      readonly target: ViewerTarget
      readonly viewers: number
      readonly stalled: number
      readonly keep: Keeping
    }
  /** Answered when each viewer has the last line; `logBytes` come before it at the least. */
  | { readonly type: 'watch'; readonly logBytes: number }
  /** Compares what each viewer kept with the log. */
  | { readonly type: 'compare'; readonly logPath: string; readonly lines: number }
  /** Writes what the first viewer was sent to a file. */
  | { readonly type: 'save'; readonly path: string }
  /** How much each has been sent so far. */
  | { readonly type: 'count' }
  | { readonly type: 'close' }

export type Watched = {
  /** When the last line came to the last viewer, nanoseconds of the monotonic clock. */
  readonly endedAt: number
  /** Bytes that all of them were sent. */
  readonly bytes: number
  /** Processor time of the viewers since `watch` was asked, milliseconds. */
  readonly cpuMs: number
  /** Ages of lines on arrival, milliseconds; with `keep: 'age'`. */
  readonly ages: readonly number[]
}

export type Counted = { readonly bytes: readonly number[]; readonly lines: readonly number[] }

export type Answers = {
  readonly connect: null
  readonly watch: Watched
  /** What is wrong with what they were sent; null when nothing is. */
  readonly compare: string | null
  readonly save: null
  readonly count: Counted
  readonly close: null
}

export type Answer = { readonly answer: Answers[Question['type']] } | { readonly failure: string }
