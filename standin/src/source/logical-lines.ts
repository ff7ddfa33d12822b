/**
 * The lexer of do-files: source text in, logical lines out. Pure.
 *
 * A logical line is what Stata reads as one command: physical lines joined by `///`, by a block comment or, under
 * `#delimit ;`, by anything up to the semicolon. Comments are removed from `text`; `physical` keeps the source as
 * written, because that is what the log echoes.
 *
 * Quotes hide comment marks. `//` counts only at the start of a line or after a blank, `*` only at the start of a command.
 */
type Delimiter = 'cr' | ';'

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
  // The line being read: its text so far, and what the reader is inside of.
  #text = ''
  #commentDepth = 0
  #compoundDepth = 0
  #isInString = false
  #isStarComment = false

  constructor(source: string) {
    this.#source = source
  }

  readAll(): LogicalLine[] {
    const lines: LogicalLine[] = []
    while (this.#position < this.#source.length) lines.push(this.#readLine())
    return lines
  }

  #readLine(): LogicalLine {
    const start = this.#position
    this.#text = ''
    this.#commentDepth = 0
    this.#compoundDepth = 0
    this.#isInString = false
    this.#isStarComment = false
    while (this.#position < this.#source.length && !this.#step());
    return this.#finish(this.#source.slice(start, this.#position))
  }

  /** Reads one mark or character; true if that ended the line. */
  #step(): boolean {
    const char = this.#source.charAt(this.#position)
    if (this.#commentDepth > 0) this.#stepInBlockComment()
    else if (char === '\n') return this.#endPhysicalLine()
    else if (this.#isQuoted) this.#stepInText(char)
    else if (char === ';' && this.#delimiter === ';') {
      this.#position++
      return true
    } else if (!this.#openComment()) this.#stepInText(char)
    return false
  }

  get #isQuoted(): boolean {
    return this.#isInString || this.#compoundDepth > 0
  }

  #looksAt(mark: string): boolean {
    return this.#source.startsWith(mark, this.#position)
  }

  #stepInBlockComment(): void {
    const change = this.#looksAt('*/') ? -1 : this.#looksAt('/*') ? 1 : 0
    this.#commentDepth += change
    this.#position += change === 0 ? 1 : 2
  }

  /** A newline ends the line, except under `#delimit ;`, where it is a blank. `#delimit` itself always ends with it. */
  #endPhysicalLine(): boolean {
    this.#position++
    if (this.#delimiter === 'cr' || delimiterOf(this.#text.trim())) return true
    this.#text += ' '
    return false
  }

  /** Enters a block comment, or passes over a `//` comment; after `///` the next line goes on with this one. */
  #openComment(): boolean {
    if (this.#looksAt('/*')) {
      this.#commentDepth = 1
      this.#position += 2
      return true
    }
    if (!this.#looksAt('//') || !followsBlank(this.#source, this.#position)) return false
    const isContinued = this.#looksAt('///')
    const newline = this.#source.indexOf('\n', this.#position)
    this.#position = newline === -1 ? this.#source.length : newline
    if (isContinued && newline !== -1) {
      this.#position++
      this.#text += ' '
    }
    return true
  }

  #stepInText(char: string): void {
    if (!this.#isStarComment && !this.#isQuoted && char === '*' && this.#text.trim() === '') this.#isStarComment = true
    let length = 1
    if (!this.#isStarComment) {
      if (this.#looksAt('`"') && !this.#isInString) {
        this.#compoundDepth++
        length = 2
      } else if (this.#looksAt(`"'`) && this.#compoundDepth > 0) {
        this.#compoundDepth--
        length = 2
      } else if (char === '"' && this.#compoundDepth === 0) this.#isInString = !this.#isInString
    }
    this.#text += this.#source.slice(this.#position, this.#position + length)
    this.#position += length
  }

  #finish(raw: string): LogicalLine {
    if (this.#delimiter === ';' && raw.endsWith(';')) this.#skipBlankRest()
    const physical = raw.replace(/\n$/, '').split('\n')
    const text = this.#isStarComment ? '' : this.#text.trim()
    const delimiter = delimiterOf(text)
    if (delimiter === undefined) return { text, physical }
    this.#delimiter = delimiter
    return { text, physical, delimiter }
  }

  /** After a `;` the rest of its source line is the next command, unless it is blank. */
  #skipBlankRest(): void {
    const newline = this.#source.indexOf('\n', this.#position)
    const end = newline === -1 ? this.#source.length : newline + 1
    if (this.#source.slice(this.#position, end).trim() === '') this.#position = end
  }
}

function followsBlank(source: string, at: number): boolean {
  return at === 0 || /\s/.test(source.charAt(at - 1))
}

const DELIMIT = /^#\s*d(?:e(?:l(?:i(?:m(?:it?)?)?)?)?)?\s+(cr|;)?\s*;?$/

function delimiterOf(text: string): Delimiter | undefined {
  const match = DELIMIT.exec(text)
  if (!match) return undefined
  return match[1] === 'cr' ? 'cr' : ';'
}
