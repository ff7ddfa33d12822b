import type { MarkKind } from './responses.ts'

/** The echo of an empty line of the do-file. */
const EMPTY_ECHO = /^[.:]?\s*$/

const RETURN_CODE = /^r\(\d+\);/

/**
 * Whether a line that is a command or begins an error is worth jumping to. The echo of an empty line is not, nor is the
 * return code that an error leaves behind as it ends one do-file after the other.
 *
 * @param before The line before it; empty for the first.
 */
export function isMark(kind: MarkKind, text: string, before: string): boolean {
  if (kind === 'command') return !EMPTY_ECHO.test(text)
  return !(RETURN_CODE.test(text) && before.trim() === 'end of do-file')
}
