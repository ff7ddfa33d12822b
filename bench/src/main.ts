import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Bench, Scenario } from './bench.ts'
import { describeMachine } from './report/machine.ts'
import { type Results, saveResults } from './report/save-results.ts'
import { findingsTable, seriesTable } from './report/tables.ts'
import { curves } from './scenarios/curves.ts'
import { flushed } from './scenarios/flushed.ts'
import { idleViewers } from './scenarios/idle-viewers.ts'
import { latency } from './scenarios/latency.ts'
import { longLog } from './scenarios/long-log.ts'
import { parsing } from './scenarios/parsing.ts'
import { starting } from './scenarios/starting.ts'
import { burst, flood } from './scenarios/throughput.ts'
import { FULL, QUICK } from './sizes.ts'
import { isInstalled } from './subjects/program.ts'
import { ViewerProcess } from './viewers/viewer-process.ts'

/** `pnpm bench`: measures Tailgate beside its peers, and prints what it found. Linux only: it reads /proc. */

const SCENARIOS: readonly Scenario[] = [burst, flood, flushed, latency, idleViewers, longLog, starting, parsing, curves]

const USAGE = `Usage: pnpm bench [options]
  --quick             little of everything, to see that it works; its figures mean nothing
  --only <names>      only some of: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --rounds <number>   instead of 5
  --profile <dir>     write the gateway's CPU profiles there
  --save              put the results into docs/performance.md; of all of it only
`

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const unknown = values.only?.split(',').filter((wanted) => SCENARIOS.every(({ name }) => name !== wanted)) ?? []
const isPart = values.quick || [values.only, values.rounds, values.profile].some((option) => option !== undefined)
if (values.help) console.log(USAGE)
else if (unknown.length > 0) refuse(`There is no scenario ${unknown.join(', ')}.`)
else if (values.save && isPart) refuse('What is saved replaces the whole record: use --save alone.')
else await main()

function refuse(why: string): void {
  console.error(`${why}\n\n${USAGE}`)
  process.exitCode = 2
}

async function main(): Promise<void> {
  const { quick, only, rounds, profile, save } = values
  const sizes = quick ? QUICK : FULL
  const wanted = only?.split(',')
  const startedAt = performance.now()
  const workspace = await mkdtemp(join(tmpdir(), 'tailgate-bench-'))
  using viewers = new ViewerProcess()
  const bench: Bench = {
    sizes: rounds === undefined ? sizes : { ...sizes, rounds: Number(rounds) },
    workspace,
    viewers,
    nodeArgs: profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile],
    note: (text) => console.error(`[${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s] ${text}`),
  }
  if (!isInstalled('websocketd')) bench.note('SKIPPED: websocketd is not installed (apt-get install websocketd)')
  try {
    const results: Results = { findings: [], series: [], plots: [], machine: describeMachine() }
    for (const scenario of SCENARIOS) {
      if (wanted !== undefined && !wanted.includes(scenario.name)) continue
      bench.note(scenario.name)
      const { findings, series, plots = [] } = await scenario.measure(bench)
      results.findings.push(...findings)
      results.series.push(...series.map((one) => ({ ...one, what: `${scenario.name}: ${one.what}` })))
      results.plots.push(...plots)
    }
    console.log(
      ['', ...results.machine, '', findingsTable(results.findings), '', seriesTable(results.series)].join('\n'),
    )
    if (save) await saveResults(results)
  } finally {
    await rm(workspace, { recursive: true, force: true })
  }
}
