/** What a Stata command is, past the prefixes that only say how loudly it runs. */

export type CommandWord = {
  /** The first word after the prefixes: `do`, `foreach`, `#delimit`, …; empty when there is none. */
  readonly word: string
  /** What follows the word. */
  readonly rest: string
  /** `quietly`, or `capture` without `noisily`: the command shows nothing. */
  readonly quiet: boolean
}

const CAPTURE = /^cap(?:t(?:u(?:re?)?)?)?$/
const QUIETLY = /^qui(?:e(?:t(?:ly?)?)?)?$/
const NOISILY = /^n(?:o(?:i(?:s(?:i(?:ly?)?)?)?)?)?$/
const EXIT = /^e(?:x(?:it?)?)?$/
const WORD = /^\s*(#?[A-Za-z_][A-Za-z0-9_]*|[^\s\w])/

/** Prefixes that may stand before a command; more than anyone writes. */
const MAX_PREFIXES = 8

export function commandWord(code: string): CommandWord {
  let rest = code
  let quiet = false
  for (let count = 0; count < MAX_PREFIXES; count += 1) {
    const match = WORD.exec(rest)
    const word = match?.[1] ?? ''
    const after = rest.slice(match?.[0].length ?? 0)
    const hides = CAPTURE.test(word) || QUIETLY.test(word)
    if (hides || NOISILY.test(word)) {
      quiet = hides
      rest = after.replace(/^\s*:/, '')
    } else if (word === 'version' && /^\s*[\d.]+\s*:/.test(after)) {
      rest = after.slice(after.indexOf(':') + 1)
    } else {
      return { word, rest: after, quiet }
    }
  }
  return { word: '', rest, quiet }
}

/** True for `log close`, which writes the last lines of a `log using` log. */
export function closesLog({ word, rest }: CommandWord): boolean {
  return word === 'log' && /^\s+c(?:l(?:o(?:se?)?)?)?\b/.test(rest)
}

/** The number that an `exit` gives, 0 when it gives none or a macro; null when the command is no `exit`. */
export function exitCodeOf(code: string): number | null {
  const { word, rest } = commandWord(code)
  const after = EXIT.test(word) ? rest : word === 'if' ? /\sexit\b(.*)$/.exec(rest)?.[1] : undefined
  if (after === undefined) return null
  return Number(/^\s*=?\s*(\d{1,9})\b/.exec(after)?.[1] ?? 0)
}
