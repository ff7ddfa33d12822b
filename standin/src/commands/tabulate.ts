/** `tabulate` of one variable. */
import { expandVarlist } from '../data/varlist.ts'
import { isMissing, type Value } from '../expressions/values.ts'
import { abbreviateName } from '../output/abbreviate-name.ts'
import { formatValue, requireFormat, textWidth, withThousands } from '../output/format.ts'
import { StataError } from '../stata-error.ts'
import type { Command } from './command.ts'
import { selectedObservations } from './selection.ts'
import { parseSyntax, refuse } from './syntax.ts'

const MIN_NAME_WIDTH = 11
const MAX_VALUES = 12_000

export const tabulate: Command = {
  name: 'tabulate',
  shortest: 'ta',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    const keepsMissing = syntax.options.has('missing', 'm')
    syntax.options.finish()
    const variables = expandVarlist(syntax.main, session.data)
    const [variable, ...more] = variables
    if (!variable) throw new StataError(100, 'varlist required')
    if (more.length > 0) throw new StataError(103, 'too many variables specified')
    const counts = new Map<Value, number>()
    let total = 0
    for (const index of selectedObservations(session, syntax.condition, syntax.range)) {
      const value = variable.values[index] ?? ''
      if (isMissing(value) && !keepsMissing) continue
      counts.set(value, (counts.get(value) ?? 0) + 1)
      total++
    }
    session.results = new Map([
      ['N', total],
      ['r', counts.size],
    ])
    if (total === 0) {
      session.printLine('no observations')
      return undefined
    }
    if (counts.size > MAX_VALUES) throw new StataError(134, 'too many values')
    const format = requireFormat(variable.format)
    const rows = [...counts]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([value, frequency]) => ({
        text: formatValue(format, value).trim(),
        frequency,
      }))
    const width = rows.reduce((widest, row) => Math.max(widest, textWidth(row.text)), MIN_NAME_WIDTH)
    const rule = `${'-'.repeat(width + 1)}+-----------------------------------`
    const name = abbreviateName(variable.name, width)
    const place = (text: string): string => text.padStart(width)
    session.printLine(`\n${name.padStart(width)} |      Freq.     Percent        Cum.`)
    session.printLine(rule)
    let cumulated = 0
    for (const { text, frequency } of rows) {
      cumulated += frequency
      session.printLine(`${place(text)} |${cells(frequency, total)}${percent(cumulated, total)}`)
    }
    session.printLine(rule)
    session.printLine(`${'Total'.padStart(width)} |${cells(total, total)}`)
    return undefined
  },
}

function cells(frequency: number, total: number): string {
  return withThousands(frequency).padStart(11) + percent(frequency, total)
}

function percent(part: number, total: number): string {
  return ((100 * part) / total).toFixed(2).padStart(12)
}
