/** `forvalues`, `foreach` and `while`: their headers, and running a body for each value. */
import type { Outcome } from './commands/command.ts'
import { expandVarlist } from './data/varlist.ts'
import { isTrue } from './expressions/evaluate.ts'
import type { Value } from './expressions/values.ts'
import { parseNumlist, parseRange, rangeValues } from './loops.ts'
import type { Frame } from './macros/frame.ts'
import { splitWords } from './macros/words.ts'
import { generalNumber } from './output/format.ts'
import type { Session } from './session.ts'
import { syntaxError } from './stata-error.ts'

export type Loop =
  | { readonly kind: 'forvalues'; readonly name: string; readonly range: string }
  | { readonly kind: 'foreach'; readonly name: string; readonly source: string; readonly list: string }
  | { readonly kind: 'while'; readonly condition: string }

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_]*`
const FORVALUES = new RegExp(String.raw`^forv(?:a(?:l(?:u(?:es?)?)?)?)?\s+(${NAME})\s*=\s*(.*)$`, 'su')
const FOREACH = new RegExp(
  String.raw`^foreach\s+(${NAME})\s+(in|of\s+(?:loc(?:al?)?|glo(?:b(?:al?)?)?|num(?:l(?:i(?:st?)?)?)?|var(?:l(?:i(?:st?)?)?)?|new(?:l(?:i(?:st?)?)?)?))(?:\s+(.*))?$`,
  'su',
)

/** Undefined if the header starts with none of the three words. */
export function parseLoop(header: string): Loop | undefined {
  const loopWhile = /^while\b(.*)$/s.exec(header)
  if (loopWhile) return { kind: 'while', condition: loopWhile[1] ?? '' }
  const forvalues = FORVALUES.exec(header)
  if (forvalues) return { kind: 'forvalues', name: forvalues[1] ?? '', range: forvalues[2] ?? '' }
  const foreach = FOREACH.exec(header)
  if (foreach) {
    const source = (foreach[2] ?? '').replace(/^of\s+/, '').slice(0, 3)
    return { kind: 'foreach', name: foreach[1] ?? '', source, list: (foreach[3] ?? '').trim() }
  }
  if (/^(?:forv|foreach\b)/.test(header)) throw syntaxError()
  return undefined
}

export class LoopRunner {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  run(loop: Loop, frame: Frame, body: () => Outcome, condition: (text: string) => Value): Outcome {
    switch (loop.kind) {
      case 'while':
        while (isTrue(condition(loop.condition))) {
          const outcome = body()
          if (outcome === 'break') return 'next'
          if (outcome === 'leave' || outcome === 'quit') return outcome
        }
        return 'next'
      case 'forvalues':
        return runOver(loop.name, numbers(rangeValues(parseRange(loop.range))), frame, body)
      case 'foreach':
        return runOver(loop.name, this.#foreachValues(loop.source, loop.list, frame), frame, body)
    }
  }

  #foreachValues(source: string, list: string, frame: Frame): Iterable<string> {
    switch (source) {
      case 'in':
      case 'new':
        return splitWords(list)
      case 'loc':
        return splitWords(frame.locals.get(list) ?? '')
      case 'glo':
        return splitWords(this.#session.globals.get(list) ?? '')
      case 'num':
        return numbers(parseNumlist(list))
      case 'var':
        return expandVarlist(list, this.#session.data).map((variable) => variable.name)
      default:
        throw syntaxError()
    }
  }
}

function* numbers(values: Iterable<number>): Generator<string> {
  for (const value of values) yield generalNumber(value, 18)
}

function runOver(name: string, values: Iterable<string>, frame: Frame, body: () => Outcome): Outcome {
  for (const value of values) {
    frame.locals.set(name, value)
    const outcome = body()
    if (outcome === 'break') break
    if (outcome === 'leave' || outcome === 'quit') return outcome
  }
  frame.locals.delete(name)
  return 'next'
}
