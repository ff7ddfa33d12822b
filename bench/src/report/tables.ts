import { type Finding, type Findings, isMet, type Series } from './finding.ts'
import { median } from './samples.ts'

/** Findings and series as Markdown tables, which read well in a terminal too. */

export function findingsTable(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => {
    const met = isMet(finding)
    return [finding.what, measured(finding), goalText(finding), met === null ? '' : met ? 'yes' : '**no**']
  })
  return table(['what', 'median (least – most)', 'goal', 'met'], rows)
}

export function seriesTable(series: readonly Series[]): string {
  return table(
    ['what', 'median (least – most)'],
    series.map((one) => [one.what, measured(one)]),
  )
}

function measured({ samples, unit }: Findings['series'][number]): string {
  const [middle, least, most] = [median(samples), Math.min(...samples), Math.max(...samples)].map(figure)
  const value = samples.length === 1 ? middle : `${middle} (${least} – ${most})`
  return `${value} ${unit}`
}

function goalText({ goal, unit }: Finding): string {
  if (goal === null) return ''
  return `${goal.type === 'at-least' ? '≥' : '≤'} ${figure(goal.value)} ${unit}`
}

/** Three digits that count. */
export function figure(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))
  return value.toLocaleString('en-US', {
    maximumFractionDigits: Math.min(digits, 3),
    maximumSignificantDigits: value >= 1000 ? 4 : 3,
  })
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]) => `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}
