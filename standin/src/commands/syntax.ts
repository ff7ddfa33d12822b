/** The standard syntax of commands, `… [if exp] [in range] [using file] [, options]`, taken apart. Pure. */
import { optionNotAllowed, StataError, syntaxError } from '../stata-error.ts'

export interface CommandSyntax {
  /** What stands before `if`, `in`, `using` and the comma. */
  readonly main: string
  readonly condition: string | undefined
  readonly range: string | undefined
  readonly using: string | undefined
  readonly options: Options
}

type Part = 'main' | 'if' | 'in' | 'using'

export function parseSyntax(rest: string): CommandSyntax {
  const parts: Partial<Record<Part, string>> = {}
  let part: Part = 'main'
  let from = 0
  let optionsAt = rest.length
  const take = (end: number): void => {
    if (parts[part] !== undefined) throw syntaxError()
    parts[part] = rest.slice(from, end).trim()
  }
  for (const { at, word } of topLevelWords(rest)) {
    if (word === ',') {
      optionsAt = at
      break
    }
    if (word === 'if' || word === 'in' || word === 'using') {
      take(at)
      part = word
      from = at + word.length
    }
  }
  take(optionsAt)
  return {
    main: parts.main ?? '',
    condition: required(parts.if),
    range: required(parts.in),
    using: required(parts.using),
    options: new Options(rest.slice(optionsAt + 1)),
  }
}

function required(text: string | undefined): string | undefined {
  if (text === '') throw syntaxError()
  return text
}

/** Words and commas outside quotes, parentheses and brackets. */
function* topLevelWords(text: string): Generator<{ at: number; word: string }> {
  const pattern = /`"|"'|"|[()[\],]|[\p{L}_][\p{L}\p{N}_.]*|[^\s]/gu
  let depth = 0
  let compound = 0
  let inString = false
  for (const match of text.matchAll(pattern)) {
    const token = match[0]
    if (inString) inString = token !== '"' && token !== `"'`
    else if (token === '`"') compound++
    else if (token === `"'`) {
      if (compound > 0) compound--
    } else if (compound > 0) continue
    else if (token === '"') inString = true
    else if (token === '(' || token === '[') depth++
    else if (token === ')' || token === ']') depth--
    else if (depth <= 0) yield { at: match.index, word: token }
  }
}

/** The options after the comma. A command takes those it knows; `finish` refuses the rest by name. */
class Options {
  readonly #given = new Map<string, string>()

  constructor(text: string) {
    const pattern = /([\p{L}_][\p{L}\p{N}_]*)\s*(\()?|([^\s,])/gu
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      const [, name, open, other] = match
      if (name === undefined) throw other === ')' ? new StataError(198, "invalid ')' ") : syntaxError()
      if (open === undefined) {
        this.#given.set(name, '')
        continue
      }
      const close = closingParenthesis(text, pattern.lastIndex)
      this.#given.set(name, text.slice(pattern.lastIndex, close).trim())
      pattern.lastIndex = close + 1
    }
  }

  /** The option's argument (empty if it takes none), or undefined if it was not given. */
  take(name: string, shortest: string = name): string | undefined {
    for (const [given, value] of this.#given) {
      if (name.startsWith(given) && given.length >= shortest.length) {
        this.#given.delete(given)
        return value
      }
    }
    return undefined
  }

  has(name: string, shortest: string = name): boolean {
    return this.take(name, shortest) !== undefined
  }

  finish(): void {
    for (const name of this.#given.keys()) throw optionNotAllowed(name)
  }
}

function closingParenthesis(text: string, from: number): number {
  let depth = 1
  let inString = false
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '"') inString = !inString
    else if (!inString && char === '(') depth++
    else if (!inString && char === ')' && --depth === 0) return i
  }
  throw syntaxError()
}

/** Text with nothing but a main part: r(101) for what the command does not take. */
export function refuse(syntax: CommandSyntax, parts: readonly ('if' | 'in' | 'using')[]): void {
  if (parts.includes('if') && syntax.condition !== undefined) throw new StataError(101, 'if not allowed')
  if (parts.includes('in') && syntax.range !== undefined) throw new StataError(101, 'in range not allowed')
  if (parts.includes('using') && syntax.using !== undefined) throw new StataError(101, 'using not allowed')
}
