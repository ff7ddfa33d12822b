import { stat } from 'node:fs/promises'
import type { Scenario } from '../bench.ts'
import { atLeast, atMost, type Finding, type Series } from '../report/finding.ts'
import { percentile, ratios } from '../report/samples.ts'
import { Tailgate } from '../subjects/tailgate.ts'
import { LONG_LOG_VIEWERS, measureGrowth } from './long-log-growth.ts'
import { compareReplay, compareSearch, readPages } from './long-log-reading.ts'

/** A log that is too long to be held: written at full speed while it is watched, then looked through. */

const MIB = 1024 * 1024

export const longLog: Scenario = {
  name: 'long-log',
  async measure(bench) {
    const { longLogLines: lines } = bench.sizes
    await using tailgate = await Tailgate.start(bench.workspace, bench.nodeArgs)
    await using showing = await tailgate.open(lines, { type: 'burst' }, 'text')
    const growth = await measureGrowth(bench, tailgate, showing)
    const { size } = await stat(showing.logPath)
    const what = `log of ${lines.toLocaleString('en-US')} lines, ${Math.round(size / 1e6)} MB`
    bench.note(`${what}: memory grew by ${(growth.bytes / MIB).toFixed(1)} MiB in ${growth.seconds.toFixed(1)} s`)
    const pages = await readPages(bench, tailgate, showing)
    const search = await compareSearch(bench, tailgate, showing)
    const replay = await compareReplay(bench, showing)
    const findings: Finding[] = [
      {
        what: `${what}: memory grows while it is written, ${LONG_LOG_VIEWERS} viewers and a stalled one`,
        samples: [growth.bytes / MIB],
        unit: 'MiB',
        goal: atMost(100),
      },
      {
        what: `${what}: 1,000 lines at a random place, p99`,
        samples: [percentile(pages, 99)],
        unit: 'ms',
        goal: atMost(10),
      },
      {
        what: `${what}: literal search, against grep -F -c`,
        samples: ratios(search.otherSeconds, search.seconds),
        unit: '×',
        goal: atLeast(0.5),
      },
      { what: `${what}: event loop held while searching`, samples: search.held, unit: 'ms', goal: atMost(20) },
      {
        what: `${what}: replay to a late viewer, against curl file://`,
        samples: ratios(replay.otherSeconds, replay.seconds),
        unit: '×',
        goal: atLeast(0.5),
      },
    ]
    const series: Series[] = [
      { what: 'written and delivered to all viewers', samples: [growth.seconds], unit: 's' },
      { what: '1,000 lines at a random place, p50', samples: [percentile(pages, 50)], unit: 'ms' },
      { what: 'literal search', samples: search.seconds, unit: 's' },
      { what: 'grep -F -c', samples: search.otherSeconds, unit: 's' },
      { what: 'replay to curl', samples: replay.seconds, unit: 's' },
      { what: 'curl file://', samples: replay.otherSeconds, unit: 's' },
    ]
    return { findings, series }
  },
}
