/** The prefixes `quietly`, `noisily`, `capture` and `version #:` of a command or block. */
import type { Outcome } from './commands/command.ts'
import { paragraph } from './output/paragraph.ts'
import type { Session, Visibility } from './session.ts'
import { StataError } from './stata-error.ts'

export interface Prefixes {
  readonly visibility: Visibility | undefined
  readonly isCaptured: boolean
  /** The command after the prefixes; empty for a bare prefix block. */
  readonly rest: string
  /** No prefix at all. */
  readonly isPlain: boolean
}

const PREFIX =
  /^(?:(qui(?:e(?:t(?:ly?)?)?)?)|(n(?:o(?:i(?:s(?:i(?:ly?)?)?)?)?)?)|(cap(?:t(?:u(?:re?)?)?)?)|version\s+[\d.]+\s*(?=:))(?![\p{L}\p{N}_])\s*:?\s*/u

export function parsePrefixes(text: string): Prefixes {
  let rest = text
  let visibility: Visibility | undefined
  let isCaptured = false
  for (let match = PREFIX.exec(rest); match; match = PREFIX.exec(rest)) {
    if (match[1] !== undefined) visibility = isCaptured && visibility === 'none' ? 'none' : 'errors'
    else if (match[2] !== undefined) visibility = 'all'
    else if (match[3] !== undefined) {
      isCaptured = true
      visibility ??= 'none'
    }
    rest = rest.slice(match[0].length)
  }
  return { visibility, isCaptured, rest, isPlain: rest === text }
}

/** Runs with the prefixes' visibility. Under `capture` an error sets _rc and goes no further. */
export function runWithPrefixes(prefixes: Prefixes, session: Session, run: () => Outcome): Outcome {
  const { visibility = session.visibility, isCaptured } = prefixes
  return session.withVisibility(visibility, () => {
    if (!isCaptured) return run()
    try {
      const outcome = run()
      session.returnCode = 0
      return outcome
    } catch (error) {
      if (!(error instanceof StataError)) throw error
      showMessage(error, session)
      session.returnCode = error.code
      return 'next'
    }
  })
}

/** The error's message, once. */
export function showMessage(error: StataError, session: Session): void {
  if (error.shown || session.visibility === 'none') return
  error.shown = true
  if (error.message === '') return
  for (const line of error.message.split('\n')) {
    for (const part of paragraph(line, session.screen.linesize)) session.printError(`${part}\n`)
  }
}
