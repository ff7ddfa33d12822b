import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Finding, Series } from './finding.ts'
import { type Plot, plotSvg } from './plot.ts'
import { findingsTable, seriesTable } from './tables.ts'

export type Results = {
  readonly findings: Finding[]
  readonly series: Series[]
  readonly plots: Plot[]
  readonly machine: readonly string[]
}

const DOCS = new URL('../../../docs/', import.meta.url)
const REPORT = fileURLToPath(new URL('performance.md', DOCS))
const BEGIN = '<!-- Written by `pnpm bench --save`; what is here is replaced. -->'
const END = '<!-- End of what is replaced. -->'

/** Puts the results where the report has its place for them, and the plots beside it. */
export async function saveResults({ findings, series, plots, machine }: Results): Promise<void> {
  const report = await readFile(REPORT, 'utf8')
  const begin = report.indexOf(BEGIN)
  const end = report.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`${REPORT} has no place for the results.`)
  for (const plot of plots) await writeFile(new URL(fileName(plot), DOCS), plotSvg(plot))
  const block = [
    BEGIN,
    '',
    ...machine.map((line) => `- ${line}`),
    '',
    findingsTable(findings),
    '',
    ...plots.flatMap((plot) => [`![${plot.title}](${fileName(plot)})`, '']),
    '<details><summary>What these were made from</summary>',
    '',
    seriesTable(series),
    '',
    '</details>',
    '',
    '',
  ].join('\n')
  await writeFile(REPORT, report.slice(0, begin) + block + report.slice(end))
}

function fileName({ name }: Plot): string {
  return `performance-${name}.svg`
}
