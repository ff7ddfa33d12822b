import { closesBrace, codeKey, opensBrace, scanCode } from './code-line.ts'
import { commandWord } from './command-word.ts'

/**
 * The top-level statements of a do-file, for telling how far a run is. A loop, an `if` with its `else`, a program and a
 * Mata block are one statement each; comments and blank lines are none.
 */

type Statement = {
  /** The code of its first line, blanks collapsed. */
  readonly text: string
  /** 1-based line of the do-file where it begins. */
  readonly line: number
  /** What its echo is compared with. */
  readonly key: string
}

export type DoFileOutline = { readonly statements: readonly Statement[] }

/** What lies beyond this many characters of a do-file is left out of the outline. */
const MAX_OUTLINE_CHARS = 4 * 1024 * 1024

/** The longest text of a statement. */
const MAX_TEXT_CHARS = 200

export function outlineDoFile(source: string): DoFileOutline {
  const statements: Statement[] = []
  let commentDepth = 0
  let delimited = false
  /** A statement has begun and not ended; what ends it. */
  let inside: 'nothing' | 'line' | 'braces' | 'end' = 'nothing'
  let braces = 0
  let number = 0

  for (const physical of source.slice(0, MAX_OUTLINE_CHARS).split('\n')) {
    number += 1
    const line = physical.replace(/\r$/, '').replace(/^\ufeff/, '')
    const fresh = inside !== 'line'
    const scanned = scanCode(line, commentDepth, fresh)
    commentDepth = scanned.commentDepth
    const code = scanned.code.trim()
    if (code === '' && inside !== 'line') {
      // A `*` comment is a statement in this one respect: it ends where statements end.
      const comment = line.trim()
      const unended = scanned.continues || (delimited && !comment.endsWith(';'))
      if (inside === 'nothing' && comment.startsWith('*') && unended) inside = 'line'
      continue
    }

    if (inside === 'nothing') {
      const delimiter = delimiterOf(code)
      if (delimiter !== null) delimited = delimiter === ';'
      if (commandWord(code).word !== 'else') {
        const text = code.replace(/\s+/g, ' ').slice(0, MAX_TEXT_CHARS)
        statements.push({ text, line: number, key: codeKey(code) })
      }
      if (beginsBlock(code)) {
        inside = 'end'
        continue
      }
      if (delimiter !== null) continue
    }
    if (inside === 'end') {
      if (/^end\s*;?$/.test(code)) inside = 'nothing'
      continue
    }
    if (closesBrace(code) && inside === 'braces') braces -= 1
    if (opensBrace(code)) {
      braces = inside === 'braces' ? braces + 1 : 1
      inside = 'braces'
      continue
    }
    if (inside === 'braces') {
      if (braces <= 0) inside = 'nothing'
      continue
    }
    const goesOn = scanned.continues || commentDepth > 0 || (delimited && !code.endsWith(';'))
    inside = goesOn ? 'line' : 'nothing'
  }
  return { statements }
}

/** What `#delimit` changes to; null for any other statement. */
function delimiterOf(code: string): string | null {
  const match = /^#d(?:e(?:l(?:i(?:m(?:it?)?)?)?)?)?\b\s*(;|cr)/.exec(code)
  return match?.[1] ?? null
}

/** Programs, Mata and Python blocks and `input` go on to a line that says `end`. */
function beginsBlock(code: string): boolean {
  const { word, rest } = commandWord(code)
  const argument = rest.trim().replace(/;$/, '').trim()
  if (word === 'mata' || word === 'python') return argument === '' || argument === ':'
  if (word === 'input') return argument !== ''
  if (!/^pr(?:o(?:g(?:r(?:am?)?)?)?)?$/.test(word)) return false
  return argument !== '' && !/^(?:drop|list|dir|l|di)\b/.test(argument)
}
