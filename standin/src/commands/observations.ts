/** Commands on whole observations and variables: `count`, `drop`, `keep`, `sort`, `rename`, `order`. */
import { expandVarlist, isName, requireNewName } from '../data/varlist.ts'
import { MISSING, type Value } from '../expressions/values.ts'
import { withThousands } from '../output/format.ts'
import type { Session } from '../session.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Call, Command } from './command.ts'
import { selectedObservations } from './selection.ts'
import { parseSyntax, refuse } from './syntax.ts'

const count: Command = {
  name: 'count',
  shortest: 'cou',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    syntax.options.finish()
    if (syntax.main !== '') throw syntaxError()
    let total = 0
    for (const _index of selectedObservations(session, syntax.condition, syntax.range)) total++
    session.printLine(`  ${withThousands(total)}`)
    session.results = new Map([['N', total]])
    return undefined
  },
}

/** `drop` and `keep` take either variables or observations, never both. */
function dropOrKeep(keeps: boolean): (call: Call) => undefined {
  return ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    syntax.options.finish()
    const byObservation = syntax.condition !== undefined || syntax.range !== undefined
    if (byObservation === (syntax.main !== '')) throw syntaxError()
    if (byObservation) {
      const selected = new Set(selectedObservations(session, syntax.condition, syntax.range))
      reportDeleted(
        session,
        session.data.filter((index) => selected.has(index) === keeps),
      )
      return undefined
    }
    const named = expandVarlist(syntax.main, session.data)
    const gone = keeps ? session.data.variables.filter((variable) => !named.includes(variable)) : named
    session.data.drop(gone.map((variable) => variable.name))
    return undefined
  }
}

function reportDeleted(session: Session, deleted: number): void {
  session.printLine(`(${withThousands(deleted)} observation${deleted === 1 ? '' : 's'} deleted)`)
}

const sort: Command = {
  name: 'sort',
  shortest: 'so',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using', 'if', 'in'])
    syntax.options.has('stable')
    syntax.options.finish()
    const keys = expandVarlist(syntax.main, session.data)
    if (keys.length === 0) throw new StataError(100, 'varlist required')
    const positions = Array.from({ length: session.data.count }, (_, index) => index)
    positions.sort((left, right) => {
      for (const { values } of keys) {
        const order = compare(values[left] ?? MISSING, values[right] ?? MISSING)
        if (order !== 0) return order
      }
      return left - right
    })
    session.data.permute(positions)
    session.data.sortedBy = keys.map((key) => key.name)
    return undefined
  },
}

function compare(left: Value, right: Value): number {
  return left < right ? -1 : left > right ? 1 : 0
}

const rename: Command = {
  name: 'rename',
  shortest: 'ren',
  run: ({ rest, session }) => {
    const [from, to, ...more] = rest.split(/\s+/)
    if (from === undefined || to === undefined || more.length > 0 || !isName(from)) throw syntaxError()
    const { name } = session.data.require(from)
    if (to === name) return undefined
    requireNewName(to, session.data)
    session.data.rename(name, to)
    return undefined
  },
}

const order: Command = {
  name: 'order',
  run: ({ rest, session }) => {
    const { main, options } = parseSyntax(rest)
    options.finish()
    session.data.reorder(expandVarlist(main, session.data).map((variable) => variable.name))
    return undefined
  },
}

export const observationCommands: readonly Command[] = [
  count,
  { name: 'drop', run: dropOrKeep(false) },
  { name: 'keep', run: dropOrKeep(true) },
  sort,
  rename,
  order,
]
