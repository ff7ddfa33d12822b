/** Varlists: names, abbreviations, `x*`, `a-c` and `_all`. */
import { StataError } from '../stata-error.ts'
import type { Dataset, Variable } from './dataset.ts'
import { matchesWildcard } from './wildcard.ts'

/** The variables in the order given; an empty list is empty. */
export function expandVarlist(text: string, data: Dataset): Variable[] {
  const result: Variable[] = []
  for (const word of text
    .replace(/\s*-\s*/g, '-')
    .trim()
    .split(/\s+/)
    .filter(Boolean)) {
    for (const variable of expandWord(word, data)) if (!result.includes(variable)) result.push(variable)
  }
  return result
}

function expandWord(word: string, data: Dataset): readonly Variable[] {
  if (word === '_all') return data.variables
  if (/[*?]/.test(word)) {
    const matches = data.variables.filter((variable) => matchesWildcard(variable.name, word))
    if (matches.length === 0) throw new StataError(111, `variable ${word} not found`)
    return matches
  }
  const range = /^([^-]+)-([^-]+)$/.exec(word)
  if (range) {
    const { variables } = data
    const from = variables.indexOf(data.require(range[1] ?? ''))
    const to = variables.indexOf(data.require(range[2] ?? ''))
    if (from > to) throw new StataError(111, `${range[1]}-${range[2]} not found`)
    return variables.slice(from, to + 1)
  }
  if (!isName(word)) throw new StataError(198, `${word} invalid name`)
  return [data.require(word)]
}

/** A valid name of a variable, scalar or program. */
export function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]{0,31}$/u.test(text)
}

/** Names that expressions reserve. */
const RESERVED = new Set([
  '_all',
  '_b',
  '_coef',
  '_cons',
  '_n',
  '_N',
  '_pi',
  '_pred',
  '_rc',
  '_skip',
  'byte',
  'double',
  'float',
  'if',
  'in',
  'int',
  'long',
  'strL',
  'using',
  'with',
])

/** A name for a new variable, or Stata's r(198). */
export function requireNewName(name: string, data: Dataset): void {
  if (!isName(name) || RESERVED.has(name) || /^str\d+$/.test(name)) throw new StataError(198, `${name} invalid name`)
  if (data.exact(name)) throw new StataError(110, `variable ${name} already defined`)
}
