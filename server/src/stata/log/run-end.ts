import type { LogVerdict } from './log-verdict.ts'

/**
 * Follows how the log stands to its end: which error, marker or `exit` it would end with if nothing more came.
 *
 *            r(N);                 end of do-file            r(N);
 *   none ───────────▶ error ───────────────────▶ ended ────────────▶ error (the same one, one do-file further out)
 *     ▲                 │                          │
 *     └── other echoes and output ─────────────────┘
 *
 * An error that the do-file captured is forgotten as soon as anything follows. Below the outermost do-file there is
 * nothing left to capture it, so empty prompts, `exit` and `log close` change nothing there.
 */

type EchoedCommand = { readonly text: string; readonly line: number }

type StataError = {
  readonly rc: number
  readonly message: string | null
  readonly command: EchoedCommand | null
}

/** JSON-able. */
export type RunEndState = {
  marker: 'none' | 'error' | 'ended'
  markerLine: number
  error: StataError | null
  /** The marker belongs to the outermost do-file, and only a log is being closed. */
  closing: boolean
}

export function startRunEnd(): RunEndState {
  return { marker: 'none', markerLine: 0, error: null, closing: false }
}

/** `r(N);`. `describe` is asked for the error only when this is not an earlier one on its way out. */
export function endWithError(state: RunEndState, line: number, describe: () => StataError): void {
  if (state.error === null) state.error = describe()
  state.marker = 'error'
  state.markerLine = line
  state.closing = false
}

/** `end of do-file`. An error before it counts on only if `r(N);` follows. */
export function endDoFile(state: RunEndState, line: number): void {
  state.marker = 'ended'
  state.markerLine = line
  state.closing = false
}

/** An echo. `outermost`: no do-file is open; `closes`: it is empty, an `exit` or a `log close`. */
export function continueWithEcho(state: RunEndState, outermost: boolean, closes: boolean): void {
  if (state.marker === 'none') return
  if (outermost && closes) state.closing = true
  else forget(state)
}

/** Output that is not blank. */
export function continueWithOutput(state: RunEndState): void {
  if (state.marker !== 'none' && !state.closing) forget(state)
}

function forget(state: RunEndState): void {
  state.marker = 'none'
  state.error = null
  state.closing = false
}

export type LogSoFar = {
  /** The last echo that has code. */
  readonly command: EchoedCommand | null
  /** Output follows that echo. */
  readonly printed: boolean
  /** It closes the log. */
  readonly closesLog: boolean
  /** The code that its `exit` gives; null when it is none. */
  readonly exitCode: number | null
  /** Do-files that are open. */
  readonly open: number
  /** Number of the last line that is not blank; 0 when there is none. */
  readonly lastLine: number
}

export function verdictOf(state: RunEndState, log: LogSoFar): LogVerdict {
  const command = log.command
  if (state.marker === 'error' && state.error !== null) {
    const { rc, message, command: failed } = state.error
    return { type: 'error', rc, message, command: failed?.text ?? null, line: failed?.line ?? null }
  }
  if (state.marker === 'ended') return { type: 'completed', line: state.markerLine, open: log.open }
  if (log.lastLine === 0) return { type: 'empty' }
  if (command !== null && log.closesLog) return { type: 'completed', line: log.lastLine, open: log.open }
  if (command !== null && log.exitCode !== null && !log.printed) {
    return { type: 'exited', command: command.text, line: command.line, code: log.exitCode }
  }
  return { type: 'no-end-marker', command: command?.text ?? null, line: command?.line ?? null }
}
