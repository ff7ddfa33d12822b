import type { Scenario } from '../bench.ts'
import { atMost, type Finding } from '../report/finding.ts'
import { percentile, ratios } from '../report/samples.ts'
import type { Subject } from '../subjects/subject.ts'
import { Tailgate } from '../subjects/tailgate.ts'
import { websocketd } from '../subjects/websocketd.ts'
import { deliver } from './deliver.ts'

/** From a line's writing to its coming to a viewer, at a rate that leaves everybody time. */

const LINES_PER_SECOND = 200

export const latency: Scenario = {
  name: 'latency',
  async measure(bench) {
    const { latencyLines: lines, viewers, rounds } = bench.sizes
    await using tailgate = await Tailgate.start(bench.workspace, bench.nodeArgs)
    const sse = tailgate.subject('Tailgate, SSE', 'text')
    const trpc = tailgate.subject('Tailgate, tRPC', 'trpc')
    const peer = websocketd(bench.workspace)
    const subjects = peer === null ? [sse, trpc] : [sse, trpc, peer]
    const p50 = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]))
    const p99 = new Map<Subject, number[]>(subjects.map((subject) => [subject, []]))
    for (let round = 1; round <= rounds; round++) {
      for (const subject of subjects) {
        const how = { type: 'paced', perSecond: LINES_PER_SECOND } as const
        const { ages } = await deliver(bench, subject, { lines, viewers, how, keep: 'age' })
        p50.get(subject)?.push(percentile(ages, 50))
        p99.get(subject)?.push(percentile(ages, 99))
        const told = [50, 99, 100].map((percent) => percentile(ages, percent).toFixed(2)).join(' / ')
        bench.note(`${subject.name}, round ${round}: p50 / p99 / most ${told} ms`)
      }
    }
    const of = (samples: Map<Subject, number[]>, subject: Subject) => samples.get(subject) ?? []
    const what = `latency from write to viewer, ${LINES_PER_SECOND} lines/s, ${viewers} viewers`
    const findings: Finding[] = [
      { what: `${what}: SSE, p50`, samples: of(p50, sse), unit: 'ms', goal: atMost(2) },
      { what: `${what}: SSE, p99`, samples: of(p99, sse), unit: 'ms', goal: atMost(10) },
    ]
    if (peer !== null) {
      const samples = ratios(of(p50, sse), of(p50, peer))
      findings.push({ what: `${what}: SSE, p50 against websocketd + tail`, samples, unit: '×', goal: atMost(1) })
    }
    const series = subjects.flatMap((subject) => [
      { what: `${subject.name}, p50`, samples: of(p50, subject), unit: 'ms' },
      { what: `${subject.name}, p99`, samples: of(p99, subject), unit: 'ms' },
    ])
    return { findings, series }
  },
}
