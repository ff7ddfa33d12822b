/**
 * Quiet highlighting of a do-file: comments, strings, macros, and the word that begins a command. It knows as much of
 * the language as reading needs, and keeps every character. Pure; one line after another, since comments and
 * continuations span lines.
 */

export type TokenKind = 'plain' | 'command' | 'comment' | 'string' | 'macro'

export type Token = { readonly kind: TokenKind; readonly text: string }

/** What a line inherits from those before it. */
export type LineContext = {
  /** Depth of the block comment that it begins in, 0 for none; they nest in Stata. */
  readonly commentDepth: number
  /** The line goes on with the command of the line before (`///`). */
  readonly continued: boolean
}

export const START: LineContext = { commentDepth: 0, continued: false }

/** Prefixes that come before a command and are commands to the eye as well. */
const PREFIX =
  /^(?:quietly|quiet|qui|noisily|noi|capture|cap|bysort|bys|by|xi|svy|mi|version|program|local|global|foreach|forvalues|forv|while|if|else)$/

export function tokenizeLine(line: string, context: LineContext): { tokens: Token[]; next: LineContext } {
  const tokens: Token[] = []
  let depth = context.commentDepth
  let atCommand = !context.continued && depth === 0
  let continues = false
  let at = 0
  const push = (kind: TokenKind, text: string) => {
    if (text === '') return
    const last = tokens.at(-1)
    if (last?.kind === kind) tokens[tokens.length - 1] = { kind, text: last.text + text }
    else tokens.push({ kind, text })
    at += text.length
  }
  while (at < line.length) {
    const rest = line.slice(at)
    if (depth > 0 || rest.startsWith('/*')) {
      const { text, depth: left } = blockComment(rest, depth)
      depth = left
      push('comment', text)
    } else if (isLineComment(line, at, atCommand)) {
      continues = rest.startsWith('///')
      push('comment', rest)
    } else if (rest.startsWith('`"')) {
      push('string', compoundString(rest))
    } else if (rest.startsWith('"')) {
      push('string', /^"[^"]*"?/.exec(rest)?.[0] ?? '"')
    } else if (/^`[^'`"]*'/.test(rest)) {
      push('macro', /^`[^'`"]*'/.exec(rest)?.[0] ?? '')
    } else if (/^\$\{?\w+\}?/.test(rest)) {
      push('macro', /^\$\{?\w+\}?/.exec(rest)?.[0] ?? '')
    } else {
      const word = /^[A-Za-z_][\w.]*/.exec(rest)?.[0]
      if (word === undefined) {
        const [sign = ''] = rest
        // A prefix and its command are parted by a colon: `bysort id: generate`.
        if (sign === '{' || sign === ':') atCommand = true
        push('plain', sign)
      } else if (atCommand) {
        atCommand = PREFIX.test(word) && /^(?:qui|noi|cap)/.test(word)
        push('command', word)
      } else push('plain', word)
    }
  }
  return { tokens, next: { commentDepth: depth, continued: continues || (depth > 0 && context.continued) } }
}

/** `*` at a command's place; `//` and `///` at the line's begin or behind a blank. */
function isLineComment(line: string, at: number, atCommand: boolean): boolean {
  if (line[at] === '*') return atCommand && line.slice(0, at).trim() === ''
  return line.startsWith('//', at) && (at === 0 || /\s/.test(line[at - 1] ?? ''))
}

/** From inside or the begin of a block comment to its end, or the line's. */
function blockComment(text: string, depth: number): { text: string; depth: number } {
  let left = depth
  for (const { 0: mark, index } of text.matchAll(/\/\*|\*\//g)) {
    left += mark === '/*' ? 1 : -1
    if (left === 0) return { text: text.slice(0, index + 2), depth: 0 }
  }
  return { text, depth: left }
}

/** From `" to the "' that closes it; they nest. */
function compoundString(text: string): string {
  let depth = 0
  for (const { 0: mark, index } of text.matchAll(/`"|"'/g)) {
    depth += mark === '`"' ? 1 : -1
    if (depth === 0) return text.slice(0, index + 2)
  }
  return text
}

/** All lines of a do-file. */
export function tokenizeDoFile(text: string): Token[][] {
  let context = START
  const lines = text.replace(/\n$/, '').split('\n')
  return lines.map((line) => {
    const { tokens, next } = tokenizeLine(line, context)
    context = next
    return tokens
  })
}
