/** `summarize`: the table, and r(). */
import type { Variable } from '../data/dataset.ts'
import { isStringType } from '../data/storage.ts'
import { expandVarlist } from '../data/varlist.ts'
import { MISSING } from '../expressions/values.ts'
import { abbreviateName } from '../output/abbreviate-name.ts'
import { generalNumber, withThousands } from '../output/format.ts'
import type { Session } from '../session.ts'
import type { Command } from './command.ts'
import { selectedObservations } from './selection.ts'
import { parseSyntax, refuse } from './syntax.ts'

interface Moments {
  readonly count: number
  readonly sum: number
  readonly mean: number
  readonly variance: number
  readonly min: number
  readonly max: number
}

const HEADER = '    Variable |        Obs        Mean    Std. dev.       Min        Max'
const RULE = '-------------+---------------------------------------------------------'
/** A rule after this many variables. */
const GROUP = 5
const NUMBER_WIDTH = 9
const NAME_WIDTH = 12

export const summarize: Command = {
  name: 'summarize',
  shortest: 'su',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    const meanOnly = syntax.options.has('meanonly', 'mean')
    const separator = Number(syntax.options.take('separator', 'sep') ?? GROUP)
    syntax.options.finish()
    const variables = syntax.main === '' ? session.data.variables : expandVarlist(syntax.main, session.data)
    const selected = [...selectedObservations(session, syntax.condition, syntax.range)]
    if (!meanOnly) session.print(`\n${HEADER}\n`)
    variables.forEach((variable, index) => {
      const moments = describe(variable, selected)
      if (!meanOnly) {
        if (index === 0 || (separator > 0 && index % separator === 0)) session.printLine(RULE)
        session.printLine(row(variable.name, moments))
      }
      if (index === variables.length - 1) storeResults(session, moments, meanOnly)
    })
    return undefined
  },
}

function describe(variable: Variable, selected: readonly number[]): Moments {
  let count = 0
  let mean = 0
  let squares = 0
  let sum = 0
  let min = MISSING
  let max = MISSING
  for (const index of isStringType(variable.type) ? [] : selected) {
    const value = variable.values[index]
    if (typeof value !== 'number' || value >= MISSING) continue
    count++
    sum += value
    const delta = value - mean
    mean += delta / count
    squares += delta * (value - mean)
    if (count === 1 || value < min) min = value
    if (count === 1 || value > max) max = value
  }
  return {
    count,
    sum,
    mean: count > 0 ? sum / count : MISSING,
    variance: count > 1 ? squares / (count - 1) : MISSING,
    min,
    max,
  }
}

function row(name: string, { count, mean, variance, min, max }: Moments): string {
  const head = `${abbreviateName(name, NAME_WIDTH).padStart(NAME_WIDTH)} |${withThousands(count).padStart(11)}`
  if (count === 0) return head
  const deviation = variance >= MISSING ? MISSING : Math.sqrt(variance)
  const cell = (value: number, width: number): string => generalNumber(value, NUMBER_WIDTH).padStart(width)
  return head + cell(mean, 12) + cell(deviation, 12) + cell(min, 11) + cell(max, 11)
}

function storeResults(session: Session, { count, sum, mean, variance, min, max }: Moments, meanOnly: boolean): void {
  const results = new Map([
    ['N', count],
    ['sum_w', count],
    ['mean', mean],
  ])
  if (!meanOnly) {
    results.set('Var', variance)
    results.set('sd', variance >= MISSING ? MISSING : Math.sqrt(variance))
  }
  session.results = results.set('min', min).set('max', max).set('sum', sum)
}
