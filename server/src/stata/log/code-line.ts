/**
 * One physical line of Stata code without its comments. Shared by the do-file's outline and by the echoes in the log,
 * which show the same lines, so that the two can be compared.
 *
 * Knows `*` and `//` comments, `///`, nested block comments, and both kinds of quotes. A block comment may begin inside
 * a `*` comment: that is how Stata reads it.
 */

export type CodeLine = {
  /** The code without comments and trailing blanks; empty when there is none. */
  readonly code: string
  /** How many block comments are open after this line. */
  readonly commentDepth: number
  /** The line ends in `///`: the statement goes on in the next one. */
  readonly continues: boolean
}

const NO_CODE: CodeLine = { code: '', commentDepth: 0, continues: false }

const SPACE = 32
const TAB = 9
const STAR = 42
const SEMICOLON = 59
const OPENING_BRACE = 123
const CLOSING_BRACE = 125

/** Scans a line. `commentDepth` is that of the line before; `fresh` says that a statement may begin here. */
export function scanCode(line: string, commentDepth: number, fresh: boolean): CodeLine {
  const starred = fresh && commentDepth === 0 && line.charCodeAt(firstInk(line)) === STAR
  if (commentDepth === 0 && !line.includes('/')) {
    if (starred) return NO_CODE
    return { code: line.trimEnd(), commentDepth: 0, continues: false }
  }
  let code = ''
  let depth = commentDepth
  let at = 0
  while (at < line.length) {
    const two = line.slice(at, at + 2)
    if (two === '/*') {
      depth += 1
      at += 2
    } else if (depth > 0) {
      if (two === '*/') depth -= 1
      at += two === '*/' ? 2 : 1
    } else if (two === '//' && (at === 0 || isBlank(line, at - 1))) {
      return { code: starred ? '' : code.trimEnd(), commentDepth: 0, continues: line.startsWith('///', at) }
    } else {
      const end = starred ? at + 1 : endOfWord(line, at)
      code += line.slice(at, end)
      at = end
    }
  }
  return { code: starred ? '' : code.trimEnd(), commentDepth: depth, continues: false }
}

/** Where the quotation that begins here ends; the next character when none does. */
function endOfWord(line: string, at: number): number {
  if (line.startsWith('`"', at)) return endOfCompoundQuote(line, at)
  if (line.charAt(at) !== '"') return at + 1
  const close = line.indexOf('"', at + 1)
  return close === -1 ? line.length : close + 1
}

function endOfCompoundQuote(line: string, at: number): number {
  let depth = 0
  let here = at
  while (here < line.length) {
    if (line.startsWith('`"', here)) depth += 1
    else if (line.startsWith(`"'`, here)) depth -= 1
    else {
      here += 1
      continue
    }
    here += 2
    if (depth === 0) return here
  }
  return line.length
}

function isBlank(line: string, at: number): boolean {
  const character = line.charCodeAt(at)
  return character === SPACE || character === TAB
}

/** Index of the first character that is not blank. */
function firstInk(line: string): number {
  let at = 0
  while (isBlank(line, at)) at += 1
  return at
}

/** True for the line that opens a brace block: Stata wants the brace last on it. */
export function opensBrace(code: string): boolean {
  let at = code.length - 1
  if (code.charCodeAt(at) === SEMICOLON) at -= 1
  while (isBlank(code, at)) at -= 1
  return code.charCodeAt(at) === OPENING_BRACE
}

/** True for the line that closes a brace block: Stata wants the brace first on it. */
export function closesBrace(code: string): boolean {
  return code.charCodeAt(firstInk(code)) === CLOSING_BRACE
}

/** The most characters of a statement that are compared. */
const MAX_KEY_CHARS = 200

/** What two spellings of the same code line have in common: no blanks, no statement end. */
export function codeKey(code: string): string {
  const key = code.slice(0, 4 * MAX_KEY_CHARS).replace(/\s+/g, '')
  return (key.endsWith(';') ? key.slice(0, -1) : key).slice(0, MAX_KEY_CHARS)
}
