/** `return list` and `timer`. */
import type { Value } from '../expressions/values.ts'
import { generalNumber } from '../output/format.ts'
import type { Session } from '../session.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Command } from './command.ts'

const NAME_WIDTH = 22

/** The stored results, numbers first, as `return list` shows them. */
export function printResults(session: Session, family: string, results: ReadonlyMap<string, Value>): void {
  const section = (title: string, wanted: 'number' | 'string', text: (value: Value) => string): void => {
    const entries = [...results].filter(([, value]) => typeof value === wanted)
    if (entries.length === 0) return
    session.printLine(`\n${title}:`)
    for (const [name, value] of entries)
      session.printLine(`${`${family}(${name})`.padStart(NAME_WIDTH)} ${text(value)}`)
  }
  section('scalars', 'number', (value) => `=  ${typeof value === 'number' ? generalNumber(value, 18) : value}`)
  section('macros', 'string', (value) => `: "${value}"`)
}

const MAX_TIMER = 100

const timer: Command = {
  name: 'timer',
  run: ({ rest, session }) => {
    const [, action = '', text] = /^(on|off|list|clear)(?:\s+(\d+))?$/.exec(rest) ?? []
    const number = text === undefined ? undefined : Number(text)
    if (action === '' || ((action === 'on' || action === 'off') && number === undefined)) throw syntaxError()
    if (number !== undefined && (number < 1 || number > MAX_TIMER)) throw new StataError(198, 'timer must be 1-100')
    if (action === 'list') return listTimers(session, number)
    if (action === 'clear') {
      if (number === undefined) session.timers.clear()
      else session.timers.delete(number)
      return undefined
    }
    if (number === undefined) return undefined
    const now = session.system.now().getTime()
    const { startedAt, totalMs, count } = session.timers.get(number) ?? { startedAt: undefined, totalMs: 0, count: 0 }
    if (action === 'on') session.timers.set(number, { startedAt: startedAt ?? now, totalMs, count })
    else if (startedAt !== undefined) {
      session.timers.set(number, { startedAt: undefined, totalMs: totalMs + now - startedAt, count: count + 1 })
    }
    return undefined
  },
}

function listTimers(session: Session, only: number | undefined): undefined {
  const results = new Map<string, Value>()
  for (const [number, { totalMs, count }] of [...session.timers].sort(([left], [right]) => left - right)) {
    if (only !== undefined && number !== only) continue
    const seconds = totalMs / 1000
    const average = count > 0 ? (seconds / count).toFixed(4) : ''
    session.printLine(
      `${String(number).padStart(4)}: ${seconds.toFixed(2).padStart(9)} / ${String(count).padStart(8)} = ${average.padStart(12)}`,
    )
    results.set(`t${number}`, seconds)
    results.set(`nt${number}`, count)
  }
  session.results = results
  return undefined
}

export const resultCommands: readonly Command[] = [timer]
