import type { Scenario } from '../bench.ts'
import { atLeast } from '../report/finding.ts'
import { ratios } from '../report/samples.ts'
import { openFollowed } from '../subjects/followed-log.ts'
import { Tailgate } from '../subjects/tailgate.ts'
import { deliver } from './deliver.ts'

/** A writer that flushes each line: does a viewer keep up with it, and does watching slow it down? */

const FLUSHED = { type: 'flushed' } as const

export const flushed: Scenario = {
  name: 'flushed',
  async measure(bench) {
    const { flushedLines: lines, rounds } = bench.sizes
    await using tailgate = await Tailgate.start(bench.workspace, bench.nodeArgs)
    const subject = tailgate.subject('Tailgate, SSE', 'text')
    const watched: number[] = []
    const delivered: number[] = []
    const alone: number[] = []
    for (let round = 1; round <= rounds; round++) {
      const result = await deliver(bench, subject, { lines, viewers: 1, how: FLUSHED })
      watched.push(lines / result.writingSeconds)
      delivered.push(result.rate)
      await using unwatched = await openFollowed(bench.workspace, lines, FLUSHED)
      const { startedAt, endedAt } = await unwatched.writing.go()
      alone.push(lines / ((endedAt - startedAt) / 1e9))
      bench.note(
        `flushed, round ${round}: written ${rate(watched)}, delivered ${rate(delivered)}, alone ${rate(alone)}`,
      )
    }
    const what = `writer that flushes each of ${lines.toLocaleString('en-US')} lines`
    return {
      findings: [
        {
          what: `${what}: delivered, against written`,
          samples: ratios(delivered, watched),
          unit: '×',
          goal: atLeast(0.95),
        },
        {
          what: `${what}: written while watched, against alone`,
          samples: ratios(watched, alone),
          unit: '×',
          goal: null,
        },
      ],
      series: [
        { what: 'written while Tailgate follows', samples: watched, unit: 'lines/s' },
        { what: 'written with nobody following', samples: alone, unit: 'lines/s' },
      ],
    }
  },
}

function rate(samples: readonly number[]): string {
  return `${Math.round(samples.at(-1) ?? 0).toLocaleString('en-US')} lines/s`
}
