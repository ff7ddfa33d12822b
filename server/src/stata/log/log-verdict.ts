/** What a log says about how its do-file ended. Whether that is the truth, the engine's exit decides with it. */

export type LogVerdict =
  /** The last thing in the log is `end of do-file`, or the end of a `log using` log. */
  | {
      readonly type: 'completed'
      /** 1-based line of that marker. */
      readonly line: number
      /** Do-files that had begun and not ended by then; 0 means that the outermost one was seen to end. */
      readonly open: number
    }
  /** The log ends in `r(N);`. */
  | {
      readonly type: 'error'
      readonly rc: number
      /** The error's own lines, joined by LF; null when Stata printed none (`exit 12`). */
      readonly message: string | null
      /** The echoed command that failed, of the innermost do-file; null when the log echoes none. */
      readonly command: string | null
      /** 1-based line of that echo. */
      readonly line: number | null
    }
  /** The last echo is an `exit` and nothing follows: the do-file ended Stata itself. */
  | { readonly type: 'exited'; readonly command: string; readonly line: number; readonly code: number }
  /** The log stops somewhere. */
  | { readonly type: 'no-end-marker'; readonly command: string | null; readonly line: number | null }
  /** Nothing but blank lines, or nothing at all. */
  | { readonly type: 'empty' }
