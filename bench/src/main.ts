import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Scenario } from './bench.ts'
import { type Findings } from './report/finding.ts'
import { burst, flood } from './scenarios/throughput.ts'
import { FULL, QUICK } from './sizes.ts'
import { ViewerProcess } from './viewers/viewer-process.ts'
import { median } from './report/samples.ts'

const SCENARIOS: readonly Scenario[] = [burst, flood]
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string' } } })
let sizes = values.quick ? QUICK : FULL
if (values.rounds) sizes = { ...sizes, rounds: Number(values.rounds) }
const workspace = await mkdtemp(join(tmpdir(), 'tailgate-bench-'))
try {
  using viewers = new ViewerProcess()
  for (const scenario of SCENARIOS) {
    if (values.only && !values.only.split(',').includes(scenario.name)) continue
    const result: Findings = await scenario.measure({ sizes, workspace, viewers, note: (t) => console.error(t) })
    for (const f of [...result.findings, ...result.series] as any[]) console.log(f.what, median(f.samples).toPrecision(4), f.unit, 'goal' in f ? f.goal : '', f.samples.map((x: number) => x.toPrecision(3)).join(' '))
  }
} finally {
  await rm(workspace, { recursive: true, force: true })
}
