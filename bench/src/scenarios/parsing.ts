import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../bench.ts'
import { atLeast } from '../report/finding.ts'

/** The log parser alone, in a process of its own. */

const MAIN = fileURLToPath(new URL('./parsing-main.ts', import.meta.url))

export const parsing: Scenario = {
  name: 'parsing',
  async measure(bench) {
    const { parserLines: lines, rounds } = bench.sizes
    const child = fork(MAIN, [String(lines), String(rounds)])
    const [samples] = await once(child, 'message')
    // Sent by `parsing-main.ts` of the same version.
    const rates = samples as number[]
    bench.note(`parsing: ${rates.map((rate) => Math.round(rate).toLocaleString('en-US')).join(', ')} lines/s`)
    return {
      findings: [{ what: 'log parser, one core', samples: rates, unit: 'lines/s', goal: atLeast(1_000_000) }],
      series: [],
    }
  },
}
