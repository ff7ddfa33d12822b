/**
 * The directives of `display`, written out one after the other: what stands before a bad one is already shown, as in Stata.
 */
import { parseFrom } from '../expressions/parse.ts'
import { Tokens } from '../expressions/tokens.ts'
import { formatValue, generalNumber, requireFormat, textWidth } from '../output/format.ts'
import { renderSmcl } from '../output/smcl.ts'
import type { Session } from '../session.ts'
import { syntaxError, typeMismatch } from '../stata-error.ts'

export interface DisplayTarget {
  /** Column of the next character, from 1. */
  readonly column: number
  readonly linesize: number
  write(text: string, isError: boolean): void
}

/** Width of the %10.0g that `display` uses. */
const DISPLAY_NUMBER_WIDTH = 10
const MAX_REPEAT = 100_000

const STYLE =
  /^(?:as\s+(txt|text|res|result|err|error|inp|input|smcl)|in\s+(smcl|gr|green|ye|yellow|re|red|wh|white|bl|blue))(?![\w(])/
const DIRECTIVE =
  /^_(n|newline|s|skip|col|column|d|dup|c|cont|conti|contin|continu|continue|char|asis|quote|q)(?![\p{L}\p{N}_])\s*(\()?/u

/** Writes the directives; true if the last one was `_continue`. */
export function writeDisplay(text: string, session: Session, target: DisplayTarget): boolean {
  let rest = text.trim()
  let isError = false
  let repeat = 1
  let continues = false
  const write = (piece: string): void => {
    const rendered = renderSmcl(piece.repeat(repeat), target.column, target.linesize)
    target.write(rendered, isError)
    repeat = 1
  }
  while (rest !== '') {
    continues = false
    const style = STYLE.exec(rest)
    if (style) {
      const name = style[1] ?? style[2] ?? ''
      if (name !== 'smcl') isError = name.startsWith('err') || name === 're' || name === 'red'
      rest = rest.slice(style[0].length).trimStart()
      continue
    }
    if (rest.startsWith(',')) {
      const double = rest.startsWith(',,')
      if (!double) write(' ')
      rest = rest.slice(double ? 2 : 1).trimStart()
      continue
    }
    const directive = DIRECTIVE.exec(rest)
    if (directive) {
      const { argument, length } = directiveArgument(rest, directive, session)
      rest = rest.slice(length).trimStart()
      const name = directive[1] ?? ''
      if (name.startsWith('c') && name !== 'col' && name !== 'column' && name !== 'char') continues = true
      else if (name.startsWith('d')) repeat = argument
      else write(directiveText(name, argument, target.column))
      continue
    }
    const { piece, length } = formattedValue(rest, session)
    write(piece)
    rest = rest.slice(length).trimStart()
  }
  return continues
}

function directiveArgument(
  rest: string,
  directive: RegExpExecArray,
  session: Session,
): { argument: number; length: number } {
  if (directive[2] === undefined) return { argument: 1, length: directive[0].length }
  const tokens = new Tokens(rest, directive[0].length)
  const value = parseFrom(tokens)(session.environment)
  if (!tokens.accept(')')) throw syntaxError()
  if (typeof value === 'string') throw typeMismatch()
  return { argument: Math.min(Math.max(0, Math.trunc(value)), MAX_REPEAT), length: tokens.position }
}

function directiveText(name: string, argument: number, column: number): string {
  switch (name) {
    case 'n':
    case 'newline':
      return '\n'.repeat(argument)
    case 's':
    case 'skip':
      return ' '.repeat(argument)
    case 'col':
    case 'column':
      return ' '.repeat(Math.max(0, argument - column))
    case 'char':
      return String.fromCharCode(argument)
    case 'q':
    case 'quote':
      return '"'
    default:
      return ''
  }
}

function formattedValue(rest: string, session: Session): { piece: string; length: number } {
  const format = /^%\S*/.exec(rest)?.[0]
  const parsedFormat = format === undefined ? undefined : requireFormat(format)
  const start = format?.length ?? 0
  const equals = /^\s*=/.exec(rest.slice(start))
  const tokens = new Tokens(rest, start + (equals?.[0].length ?? 0))
  const value = parseFrom(tokens)(session.environment)
  const piece = parsedFormat ? formatValue(parsedFormat, value) : plain(value)
  return { piece, length: tokens.position }
}

const plain = (value: number | string): string =>
  typeof value === 'string' ? value : generalNumber(value, DISPLAY_NUMBER_WIDTH)

/** What `display` would show, as one text: the `: display` macro function. */
export function renderDisplay(text: string, session: Session): string {
  let result = ''
  writeDisplay(text, session, {
    get column() {
      return textWidth(result.slice(result.lastIndexOf('\n') + 1)) + 1
    },
    linesize: session.screen.linesize,
    write: (piece) => {
      result += piece
    },
  })
  return result
}
