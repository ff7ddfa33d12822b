/** Extended macro functions: `local x : word count …`. One entry a function; an unknown one is Stata's invalid syntax. */
import { renderDisplay } from '../commands/display-directives.ts'
import type { Session } from '../session.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { MacroScope } from './expand.ts'
import { listFunction } from './list-functions.ts'
import { splitWords } from './words.ts'

type ExtendedFunction = (rest: string, session: Session, scope: MacroScope) => string

const FUNCTIONS: readonly (readonly [pattern: RegExp, evaluate: ExtendedFunction])[] = [
  [/^word\s+count\b/, (rest) => String(splitWords(rest).length)],
  [/^word\b/, nthWord],
  [/^length\b/, macroLength],
  [/^strlen\b/, macroLength],
  [/^di(?:s(?:p(?:l(?:ay?)?)?)?)?\b/, (rest, session) => renderDisplay(rest, session)],
  [/^list\b/, (rest, _session, scope) => listFunction(rest, (name) => scope.local(name))],
  [/^subinstr\b/, substitute],
  [/^type\b/, (rest, session) => session.data.require(rest.trim()).type],
  [/^format\b/, (rest, session) => session.data.require(rest.trim()).format],
  [
    /^var(?:i(?:a(?:b(?:le?)?)?)?)?\s+l(?:a(?:b(?:el?)?)?)?\b/,
    (rest, session) => session.data.require(rest.trim()).label,
  ],
  [/^upper\b/, (rest) => rest.trim().toUpperCase()],
  [/^lower\b/, (rest) => rest.trim().toLowerCase()],
]

export function extendedFunction(text: string, session: Session, scope: MacroScope): string {
  for (const [pattern, evaluate] of FUNCTIONS) {
    const match = pattern.exec(text)
    if (match) return evaluate(text.slice(match[0].length), session, scope)
  }
  throw syntaxError()
}

/** `word # of …`: empty beyond the last word. */
function nthWord(rest: string): string {
  const match = /^\s*(-?\d+)\s+of\b(.*)$/s.exec(rest)
  if (!match) throw syntaxError()
  const words = splitWords(match[2] ?? '')
  const index = Number(match[1])
  return (index < 0 ? words.at(index) : words[index - 1]) ?? ''
}

function macroLength(rest: string, session: Session, scope: MacroScope): string {
  const match = /^\s*(local|global)\s+(\w+)\s*$/.exec(rest)
  if (!match) throw syntaxError()
  const name = match[2] ?? ''
  return String([...(match[1] === 'local' ? scope.local(name) : (session.globals.get(name) ?? ''))].length)
}

/** `subinstr local name "from" "to" [, all]` */
function substitute(rest: string, session: Session, scope: MacroScope): string {
  const match = /^\s*(local|global)\s+(\w+)\s+(.*)$/s.exec(rest)
  if (!match) throw syntaxError()
  const options = /,\s*(\w+)\s*$/.exec(match[3] ?? '')
  const words = splitWords(options ? (match[3] ?? '').slice(0, options.index) : (match[3] ?? ''))
  const [from, to] = words
  if (words.length !== 2 || from === undefined || to === undefined) throw syntaxError()
  const name = match[2] ?? ''
  const text = match[1] === 'local' ? scope.local(name) : (session.globals.get(name) ?? '')
  if (options && options[1] !== 'all') throw new StataError(198, `option ${options[1]} not allowed`)
  if (from === '') return text
  return options ? text.replaceAll(from, () => to) : text.replace(from, () => to)
}
