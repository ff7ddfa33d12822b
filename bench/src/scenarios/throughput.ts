import { join } from 'node:path'
import type { Scenario } from '../bench.ts'
import { atLeast, type Finding, type Goal, type Series } from '../report/finding.ts'
import { ratios } from '../report/samples.ts'
import { bareServer } from '../subjects/bare-server.ts'
import { frontail } from '../subjects/frontail.ts'
import { linePerEvent } from '../subjects/line-per-event.ts'
import type { Subject } from '../subjects/subject.ts'
import { Tailgate } from '../subjects/tailgate.ts'
import { websocketd } from '../subjects/websocketd.ts'
import { type Delivered, deliver, deliverInRounds, type Rounds } from './deliver.ts'

/** Many lines at once, to many viewers or to one: how much goes through. */

const BURST = { type: 'burst' } as const

const SSE = 'Tailgate, SSE'
const JSON_SSE = 'Tailgate, SSE with format=json'
const TRPC = 'Tailgate, tRPC'
const WEBSOCKETD = 'websocketd + tail'
const FRONTAIL = 'frontail'
const LINE_PER_EVENT = 'one tRPC event per line'
const BARE = 'bare Node HTTP server'

export const burst: Scenario = {
  name: 'burst',
  async measure(bench) {
    const { burstLines: lines, slowBurstLines, viewers } = bench.sizes
    const { workspace } = bench
    await using tailgate = await Tailgate.start(workspace, bench.nodeArgs)
    const recording = join(workspace, 'burst.sse')
    const text = tailgate.subject(SSE, 'text')
    await deliver(bench, text, { lines, viewers: 1, how: BURST }, () => bench.viewers.save(recording))
    const contestant = (subject: Subject | null, count = lines) => ({
      subject,
      delivery: { lines: count, viewers, how: BURST },
    })
    const rounds = await deliverInRounds(bench, [
      contestant(text),
      contestant(tailgate.subject(JSON_SSE, 'json')),
      contestant(tailgate.subject(TRPC, 'trpc')),
      contestant(websocketd(workspace)),
      contestant(frontail(workspace), slowBurstLines),
      contestant(linePerEvent(workspace), slowBurstLines),
      contestant(bareServer(recording)),
    ])
    const compare = comparison(`burst of ${lines.toLocaleString('en-US')} lines to ${viewers} viewers`, rounds)
    return {
      findings: [
        ...compare(SSE, WEBSOCKETD, atLeast(10)),
        ...compare(SSE, FRONTAIL, atLeast(30)),
        ...compare(SSE, BARE, atLeast(0.6)),
        ...compare(JSON_SSE, BARE, null),
        ...compare(TRPC, WEBSOCKETD, atLeast(5)),
        ...compare(TRPC, LINE_PER_EVENT, atLeast(60)),
      ],
      series: seriesOf(rounds),
    }
  },
}

export const flood: Scenario = {
  name: 'flood',
  async measure(bench) {
    const { floodLines: lines } = bench.sizes
    await using tailgate = await Tailgate.start(bench.workspace, bench.nodeArgs)
    const contestant = (subject: Subject | null) => ({ subject, delivery: { lines, viewers: 1, how: BURST } })
    const rounds = await deliverInRounds(bench, [
      contestant(tailgate.subject(SSE, 'text')),
      contestant(tailgate.subject(TRPC, 'trpc')),
      contestant(websocketd(bench.workspace)),
    ])
    const compare = comparison(`${lines.toLocaleString('en-US')} lines to one viewer`, rounds)
    return {
      findings: [...compare(SSE, WEBSOCKETD, atLeast(8)), ...compare(TRPC, WEBSOCKETD, atLeast(4))],
      series: seriesOf(rounds),
    }
  },
}

function comparison(what: string, rounds: readonly Rounds[]) {
  const rates = (name: string) =>
    rounds.find(({ subject }) => subject === name)?.deliveries.map(({ rate }) => rate) ?? []
  return (of: string, to: string, goal: Goal | null): Finding[] => {
    if (rates(to).length === 0) return []
    return [{ what: `${what}: ${of}, against ${to}`, samples: ratios(rates(of), rates(to)), unit: '×', goal }]
  }
}

function seriesOf(rounds: readonly Rounds[]): Series[] {
  const pick = (deliveries: readonly Delivered[], value: (delivered: Delivered) => number) => deliveries.map(value)
  return rounds.flatMap(({ subject, deliveries }) => [
    { what: subject, samples: pick(deliveries, ({ rate }) => rate), unit: 'lines/s' },
    {
      what: `${subject}: viewers' processor`,
      samples: pick(deliveries, (d) => d.viewersBusy * 100),
      unit: '% of a core',
    },
  ])
}
