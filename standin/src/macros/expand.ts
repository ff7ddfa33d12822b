/**
 * Macro expansion: `name', `=exp', `:function', `++name', $name and ${name}, nested to any sensible depth. Pure but for the
 * scope it is given.
 *
 * What a macro holds is expanded again when it is put in, as Stata does; `macval(name)' puts it in as it is. A backslash
 * before a ` or $ keeps it. The `" of a compound quote is no macro.
 */
import { StataError, syntaxError } from '../stata-error.ts'

export interface MacroScope {
  local(name: string): string
  global(name: string): string
  setLocal(name: string, value: string): void
  /** `=exp': the expression's value as text. */
  evaluate(expression: string): string
  /** `:function …': an extended macro function's result. */
  extendedFunction(text: string): string
}

/** Far beyond any real nesting: a macro that contains itself ends here and not in a stack overflow. */
const MAX_DEPTH = 60

/** Stata's own bound on an expanded command line. */
const MAX_EXPANDED_LENGTH = 8 * 1024 * 1024

export function expandMacros(text: string, scope: MacroScope, depth = 0): string {
  if (!text.includes('`') && !text.includes('$')) return text
  if (depth > MAX_DEPTH) throw new StataError(920, 'too many macros')
  let result = ''
  let i = 0
  let plainFrom = 0
  const take = (end: number, replacement: string, next: number): void => {
    result += text.slice(plainFrom, end) + replacement
    i = next
    plainFrom = next
    if (result.length > MAX_EXPANDED_LENGTH) throw new StataError(920, 'too many macros')
  }
  while (i < text.length) {
    const char = text.charCodeAt(i)
    if (char === BACKSLASH && (text.charCodeAt(i + 1) === BACKTICK || text.charCodeAt(i + 1) === DOLLAR)) {
      take(i, text.charAt(i + 1), i + 2)
    } else if (char === BACKTICK && text.charCodeAt(i + 1) !== QUOTE) {
      const end = closingQuote(text, i)
      if (end === -1) i++
      else take(i, localReference(text.slice(i + 1, end), scope, depth), end + 1)
    } else if (char === DOLLAR) {
      const reference = globalReference(text, i, scope, depth)
      if (reference) take(i, reference.value, reference.next)
      else i++
    } else i++
  }
  return result + text.slice(plainFrom)
}

const BACKTICK = 96
const DOLLAR = 36
const BACKSLASH = 92
const QUOTE = 34

/** The `'` that closes the ` at `open`; -1 if there is none. Inner macros and compound quotes nest. */
function closingQuote(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '`') {
      depth++
      if (text.charAt(i + 1) === '"' && i > open) i++
    } else if (char === "'") {
      depth--
      if (depth === 0) return i
    }
  }
  return -1
}

function localReference(body: string, scope: MacroScope, depth: number): string {
  const inner = body.trim() === '' ? '' : body
  const macval = /^macval\((.*)\)$/.exec(inner)
  if (macval) return scope.local(expandMacros(macval[1] ?? '', scope, depth + 1))
  const expanded = expandMacros(inner, scope, depth + 1)
  if (expanded.startsWith('=')) return scope.evaluate(expanded.slice(1))
  if (expanded.startsWith(':')) return scope.extendedFunction(expanded.slice(1).trim())
  const step = /^(\+\+|--)\s*(\w+)$/.exec(expanded) ?? /^(\w+)(\+\+|--)$/.exec(expanded)
  if (step) return stepLocal(step[1] ?? '', step[2] ?? '', scope)
  if (/^[rec]\(/.test(expanded)) return scope.evaluate(expanded)
  const value = scope.local(expanded)
  return value.includes('`') || value.includes('$') ? expandMacros(value, scope, depth + 1) : value
}

/** `++i' counts first and gives the new value, `i++' gives the old one. */
function stepLocal(first: string, second: string, scope: MacroScope): string {
  const isPrefix = first === '++' || first === '--'
  const name = isPrefix ? second : first
  const step = (isPrefix ? first : second) === '++' ? 1 : -1
  const before = Number(scope.local(name) || '0')
  if (Number.isNaN(before)) throw syntaxError()
  scope.setLocal(name, String(before + step))
  return String(isPrefix ? before + step : before)
}

const GLOBAL_NAME = /^\$(?:([A-Za-z_][A-Za-z0-9_]{0,31})|\{([^}]*)\})/

function globalReference(
  text: string,
  at: number,
  scope: MacroScope,
  depth: number,
): { value: string; next: number } | undefined {
  const match = GLOBAL_NAME.exec(text.slice(at, at + 1 + MAX_REFERENCE_LENGTH))
  if (!match) return undefined
  const name = match[1] ?? expandMacros(match[2] ?? '', scope, depth + 1)
  return { value: expandMacros(scope.global(name), scope, depth + 1), next: at + match[0].length }
}

const MAX_REFERENCE_LENGTH = 256
