/** `list`: a boxed table. A table wider than the screen is wrapped at the linesize, not rearranged as Stata does. */
import type { Variable } from '../data/dataset.ts'
import { expandVarlist } from '../data/varlist.ts'
import { abbreviateName } from '../output/abbreviate-name.ts'
import { formatValue, requireFormat, textWidth } from '../output/format.ts'
import { syntaxError } from '../stata-error.ts'
import type { Command } from './command.ts'
import { selectedObservations } from './selection.ts'
import { parseSyntax, refuse } from './syntax.ts'

interface Column {
  readonly header: string
  readonly cells: readonly string[]
  readonly width: number
  readonly isLeft: boolean
}

const GAP = '   '
const ABBREVIATION = 8
const ROWS_PER_GROUP = 5

export const list: Command = {
  name: 'list',
  shortest: 'l',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    const hidesNumbers = syntax.options.has('noobs')
    const group = wholeNumber(syntax.options.take('separator', 'sep'), ROWS_PER_GROUP)
    const abbreviation = wholeNumber(syntax.options.take('abbreviate', 'ab'), ABBREVIATION)
    syntax.options.finish()
    const variables = syntax.main === '' ? session.data.variables : expandVarlist(syntax.main, session.data)
    const rows = [...selectedObservations(session, syntax.condition, syntax.range)]
    if (variables.length === 0 || rows.length === 0) return undefined
    const columns = variables.map((variable) => makeColumn(variable, rows, abbreviation))
    const numberWidth = Math.max(3, String((rows.at(-1) ?? 0) + 1).length)
    const indent = hidesNumbers ? '  ' : ' '.repeat(numberWidth + 2)
    const inner = columns.reduce((sum, column) => sum + column.width, 0) + GAP.length * (columns.length - 1) + 2
    const border = `${indent}+${'-'.repeat(inner)}+`
    const rule = `${indent}|${'-'.repeat(inner)}|`
    session.printLine('')
    session.printLine(border)
    session.printLine(`${indent}${line(columns, (column) => column.header)}`)
    session.printLine(rule)
    rows.forEach((row, index) => {
      if (index > 0 && group > 0 && index % group === 0) session.printLine(rule)
      const label = hidesNumbers ? indent : `${String(row + 1).padStart(numberWidth)}. `
      session.printLine(label + line(columns, (column) => column.cells[index] ?? ''))
    })
    session.printLine(border)
    return undefined
  },
}

function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d+$/.test(text)) throw syntaxError()
  return Number(text)
}

function makeColumn(variable: Variable, rows: readonly number[], abbreviation: number): Column {
  const format = requireFormat(variable.format)
  const header = abbreviateName(variable.name, Math.max(5, abbreviation))
  const cells = rows.map((row) => formatValue(format, variable.values[row] ?? '').trim())
  const width = cells.reduce((widest, cell) => Math.max(widest, textWidth(cell)), textWidth(header))
  return { header, cells, width, isLeft: format.align === 'left' }
}

function line(columns: readonly Column[], text: (column: Column) => string): string {
  const cells = columns.map((column) => {
    const gap = ' '.repeat(column.width - textWidth(text(column)))
    return column.isLeft ? text(column) + gap : gap + text(column)
  })
  return `| ${cells.join(GAP)} |`
}
