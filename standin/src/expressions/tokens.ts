/**
 * Cuts expression text into tokens. Pure.
 *
 * Tokens are read lazily, one ahead of the parser, because an expression may stand inside other text (`display`, `if exp
 * command`) that need not be an expression at all.
 */
import { StataError, syntaxError } from '../stata-error.ts'
import { extendedMissing, MISSING, normalize } from './values.ts'

export type Token =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'operator'; readonly value: string }
  | { readonly kind: 'other'; readonly value: string }
  | { readonly kind: 'end' }

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d+)?/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy
const MISSING_LETTER = /\.[a-z](?![\p{L}\p{N}_])/uy
const OPERATORS = new Set('<= >= == != ~= - + * / ^ & | ! ~ < > ( ) [ ] , ='.split(' '))
const LETTER_BEFORE_A = 96

export class Tokens {
  readonly text: string
  #position: number
  #peeked: Token | undefined
  #peekedEnd = 0

  constructor(text: string, position = 0) {
    this.text = text
    this.#position = position
  }

  /** Where the next token begins or the blanks before it. */
  get position(): number {
    return this.#position
  }

  peek(): Token {
    this.#peeked ??= this.#read()
    return this.#peeked
  }

  next(): Token {
    const token = this.peek()
    this.#position = this.#peekedEnd
    this.#peeked = undefined
    return token
  }

  /** Takes the operator if it is next. */
  accept(operator: string): boolean {
    const token = this.peek()
    if (token.kind !== 'operator' || token.value !== operator) return false
    this.next()
    return true
  }

  /** True if the character right after the name just peeked is this one: `f(` is a call, `f (` is not. */
  isFollowedBy(char: string): boolean {
    this.peek()
    return this.text.charAt(this.#peekedEnd) === char
  }

  #read(): Token {
    const text = this.text
    let at = this.#position
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++
    if (at >= text.length) return this.#token(text.length, { kind: 'end' })
    const char = text.charAt(at)
    if (char === '"' || (char === '`' && text.charAt(at + 1) === '"')) {
      const string = readString(text, at)
      return this.#token(string.end, { kind: 'string', value: string.value })
    }
    if (isDigit(char) || (char === '.' && isDigit(text.charAt(at + 1)))) {
      const number = match(NUMBER, text, at) ?? char
      const value = Number(/[dD]/.test(number) ? number.replace(/[dD]/, 'e') : number)
      return this.#token(at + number.length, { kind: 'number', value: normalize(value) })
    }
    if (char === '.') {
      const letter = match(MISSING_LETTER, text, at)
      const value = letter === undefined ? MISSING : extendedMissing(letter.charCodeAt(1) - LETTER_BEFORE_A)
      return this.#token(at + (letter?.length ?? 1), { kind: 'number', value })
    }
    const name = match(NAME, text, at)
    if (name) return this.#token(at + name.length, { kind: 'name', value: name })
    const pair = text.slice(at, at + 2)
    const operator = OPERATORS.has(pair) ? pair : char
    if (OPERATORS.has(operator)) return this.#token(at + operator.length, { kind: 'operator', value: operator })
    return this.#token(at + 1, { kind: 'other', value: char })
  }

  #token(end: number, token: Token): Token {
    this.#peekedEnd = end
    return token
  }
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9'
}

/** The string that starts at `at` with `"` or `` `" ``, without its quotes. A missing end is Stata's r(132). */
export function readString(text: string, at: number): { value: string; end: number } {
  if (text.charAt(at) === '"') {
    const close = text.indexOf('"', at + 1)
    if (close === -1) throw new StataError(132, 'too few quotes')
    return { value: text.slice(at + 1, close), end: close + 1 }
  }
  if (text.slice(at, at + 2) !== '`"') throw syntaxError()
  let depth = 0
  for (let i = at; i < text.length - 1; i++) {
    const pair = text.slice(i, i + 2)
    if (pair === '`"') {
      depth++
      i++
    } else if (pair === `"'`) {
      depth--
      i++
      if (depth === 0) return { value: text.slice(at + 2, i - 1), end: i + 1 }
    }
  }
  throw new StataError(132, 'too few quotes')
}
