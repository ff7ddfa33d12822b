import type { Bench, Scenario } from '../bench.ts'
import type { Plot } from '../report/plot.ts'
import { Tailgate } from '../subjects/tailgate.ts'
import { deliver } from './deliver.ts'

/** How the cost grows with viewers and with lines: it must be linear. */

export const curves: Scenario = {
  name: 'curves',
  async measure(bench) {
    const { viewerCurve, viewerCurveLines, lineCurve } = bench.sizes
    const count = (value: number) => value.toLocaleString('en-US')
    const plots: Plot[] = [
      {
        name: 'viewers',
        title: `${count(viewerCurveLines)} lines at once to so many viewers`,
        x: 'viewers',
        y: 'processor time of the gateway, s',
        curves: await measureCurve(bench, viewerCurve, (viewers) => ({ lines: viewerCurveLines, viewers })),
      },
      {
        name: 'lines',
        title: 'So many lines at once to one viewer',
        x: 'lines',
        y: 'processor time of the gateway, s',
        curves: await measureCurve(bench, lineCurve, (lines) => ({ lines, viewers: 1 })),
      },
    ]
    return { findings: [], series: [], plots }
  },
}

async function measureCurve(
  bench: Bench,
  values: readonly number[],
  sizeOf: (value: number) => { readonly lines: number; readonly viewers: number },
): Promise<Plot['curves']> {
  await using tailgate = await Tailgate.start(bench.workspace, bench.nodeArgs)
  const curve = async (name: string, stream: 'text' | 'trpc') => {
    const subject = tailgate.subject(name, stream)
    const points: [number, number][] = []
    // What the compiler does at first would look like a cost of the smallest values.
    await deliver(bench, subject, { lines: WARMING_LINES, viewers: 1, how: { type: 'burst' }, keep: 'nothing' })
    for (const value of values) {
      const size = sizeOf(value)
      const sent = size.lines * size.viewers
      const keep = sent > MOST_KEPT_LINES ? 'nothing' : 'all'
      // What takes less than a few of the kernel's clock ticks is measured many times.
      const times = Math.min(MOST_TIMES, Math.ceil(bench.sizes.curveLines / sent))
      let cpu = 0
      for (let time = 0; time < times; time++) {
        cpu += (await deliver(bench, subject, { ...size, how: { type: 'burst' }, keep })).serverCpu / times
      }
      points.push([value, Math.max(cpu, LEAST_SECONDS)])
      bench.note(`${name}, ${size.lines} lines, ${size.viewers} viewers: ${cpu.toFixed(3)} s of processor time`)
    }
    return { name, points }
  }
  return [await curve('SSE', 'text'), await curve('tRPC', 'trpc')]
}

const WARMING_LINES = 200_000
const MOST_TIMES = 10
/** The scale has no zero. */
const LEAST_SECONDS = 0.001
/** What is larger is only waited for. */
const MOST_KEPT_LINES = 5_000_000
