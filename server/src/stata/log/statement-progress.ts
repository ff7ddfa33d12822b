import type { Progress } from '@tailgate/shared'
import { codeKey, scanCode } from './code-line.ts'
import type { DoFileOutline } from './do-file-outline.ts'

/**
 * Where in the do-file a run is: the echoes of the user's do-file are matched, in order, with its statements. It never
 * goes back. When an echo is not the statement that comes next, a few statements are skipped to find it; when it is
 * none of those either (the file has been changed, a program ran another do-file), it is passed over.
 */

type StatementProgress = NonNullable<Progress['statement']>

/** JSON-able. */
export type StatementState = {
  /** Statements up to and with the one that runs; 0 before the first. */
  current: number
  logLine: number
  text: string
}

/** How many statements may be skipped at once. */
const LOOK_AHEAD = 25

/** Statements shorter than this are too common to skip others for. */
const MIN_SKIP_CHARS = 8

export function startStatements(): StatementState {
  return { current: 0, logLine: 0, text: '' }
}

/**
 * Matches the first line of an echo; true when it is a statement. `wide`: it may be cut there. `strict`: only the
 * statement that comes next will do.
 */
export function matchStatement(
  state: StatementState,
  outline: DoFileOutline,
  echo: { readonly code: string; readonly line: number; readonly wide: boolean; readonly strict: boolean },
): boolean {
  const key = codeKey(scanCode(echo.code, 0, true).code)
  if (key === '') return false
  const ahead = echo.strict || key.length < MIN_SKIP_CHARS ? 1 : LOOK_AHEAD
  const end = Math.min(state.current + ahead, outline.statements.length)
  for (let at = state.current; at < end; at += 1) {
    const statement = outline.statements[at]
    if (statement === undefined) return false
    if (statement.key === key || (echo.wide && statement.key.startsWith(key))) {
      state.current = at + 1
      state.logLine = echo.line
      state.text = statement.text
      return true
    }
  }
  return false
}

export function statementProgress(state: StatementState, outline: DoFileOutline | null): StatementProgress | null {
  const statement = outline?.statements[state.current - 1]
  if (outline === null || statement === undefined) return null
  return {
    current: state.current,
    total: outline.statements.length,
    text: state.text,
    logLine: state.logLine,
    sourceLine: statement.line,
  }
}
