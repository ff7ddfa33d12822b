/**
 * The lexer of do-files: source text in, logical lines out. Pure.
 *
 * A logical line is what Stata reads as one command: physical lines joined by `///`, by a block comment or, under
 * `#delimit ;`, by anything up to the semicolon. Comments are removed from `text`; `physical` keeps the source as
 * written, because that is what the log echoes.
 *
 * Quotes hide comment marks. `//` counts only at the start of a line or after a blank, `*` only at the start of a command.
 */
export type Delimiter = 'cr' | ';'

export interface LogicalLine {
  /** The command without comments; empty for a blank or comment line. */
  readonly text: string
  /** The source lines it came from, for the echo. Never empty. */
  readonly physical: readonly string[]
  /** Set on a `#delimit` line. */
  readonly delimiter?: Delimiter
}

export function readLogicalLines(source: string): LogicalLine[] {
  return new LineReader(source.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')).readAll()
}

class LineReader {
  readonly #source: string
  #position = 0
  #delimiter: Delimiter = 'cr'

  constructor(source: string) {
    this.#source = source
  }

  readAll(): LogicalLine[] {
    const lines: LogicalLine[] = []
    while (this.#position < this.#source.length) {
      const line = this.#readLine()
      if (line) lines.push(line)
    }
    return lines
  }

  #readLine(): LogicalLine | undefined {
    const source = this.#source
    const start = this.#position
    let text = ''
    let blockDepth = 0
    let inString = false
    let compoundDepth = 0
    let isStarComment = false
    let ended = false
    let i = start
    while (i < source.length && !ended) {
      const char = source.charAt(i)
      const next = source.charAt(i + 1)
      if (blockDepth > 0) {
        if (char === '*' && next === '/') {
          blockDepth--
          i += 2
        } else if (char === '/' && next === '*') {
          blockDepth++
          i += 2
        } else i++
        continue
      }
      if (char === '\n') {
        i++
        if (this.#delimiter === 'cr' || isDelimitCommand(text)) ended = true
        else text += ' '
        if (this.#delimiter === 'cr') inString = false
        continue
      }
      if (char === ';' && this.#delimiter === ';' && !inString && compoundDepth === 0) {
        i++
        ended = true
        continue
      }
      if (!inString && compoundDepth === 0 && char === '/') {
        if (next === '*') {
          blockDepth++
          i += 2
          continue
        }
        if (next === '/' && startsComment(source, i)) {
          const continues = source.charAt(i + 2) === '/'
          const newline = source.indexOf('\n', i)
          i = newline === -1 ? source.length : newline
          if (continues && newline !== -1) {
            i = newline + 1
            text += ' '
          }
          continue
        }
      }
      if (!isStarComment) {
        if (char === '*' && text.trim() === '') isStarComment = true
        else if (char === '`' && next === '"' && !inString) {
          compoundDepth++
          text += '`"'
          i += 2
          continue
        } else if (char === '"' && next === "'" && compoundDepth > 0) {
          compoundDepth--
          text += `"'`
          i += 2
          continue
        } else if (char === '"' && compoundDepth === 0) inString = !inString
      }
      text += char
      i++
    }
    this.#position = i
    return this.#finish(source.slice(start, i), isStarComment ? '' : text.trim())
  }

  /** Builds the line, dealing with the rest of the physical line that a `;` leaves behind. */
  #finish(raw: string, text: string): LogicalLine | undefined {
    if (this.#delimiter === ';' && raw.endsWith(';')) {
      const newline = this.#source.indexOf('\n', this.#position)
      const rest = newline === -1 ? this.#source.slice(this.#position) : this.#source.slice(this.#position, newline)
      if (rest.trim() === '') this.#position = newline === -1 ? this.#source.length : newline + 1
    }
    const physical = raw.replace(/\n$/, '').split('\n')
    const delimiter = delimiterOf(text)
    if (delimiter === undefined) return { text, physical }
    this.#delimiter = delimiter
    return { text, physical, delimiter }
  }
}

function startsComment(source: string, i: number): boolean {
  if (i === 0) return true
  const before = source.charAt(i - 1)
  return before === ' ' || before === '\t' || before === '\n'
}

function isDelimitCommand(text: string): boolean {
  return /^\s*#\s*d/.test(text)
}

function delimiterOf(text: string): Delimiter | undefined {
  const match = /^#\s*d(?:e(?:l(?:i(?:m(?:it?)?)?)?)?)?\s+(cr|;)?\s*;?$/.exec(text)
  if (!match) return undefined
  return match[1] === 'cr' ? 'cr' : ';'
}
