import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Scenario } from '../bench.ts'
import { atLeast, atMost } from '../report/finding.ts'
import { processCpuMs, residentBytes } from '../subjects/processes.ts'
import { Tailgate } from '../subjects/tailgate.ts'

/** Viewers of a run that is running and prints nothing: each gets a tick every two seconds. */

const BURST = { type: 'burst' } as const
/** Two ticks, and some time for them to come. */
const TICKS_MS = 4_500

type Idle = {
  readonly cpuPercent: number
  readonly bytesEach: number
  /** Viewers that were sent a tick within TICKS_MS. */
  readonly served: number
}

export const idleViewers: Scenario = {
  name: 'idle',
  async measure(bench) {
    const { idleViewers: few, manyIdleViewers: many, rounds } = bench.sizes
    const some: Idle[] = []
    for (let round = 1; round <= rounds; round++) {
      const idle = await measureIdle(bench, few)
      some.push(idle)
      bench.note(`idle, round ${round}: ${idle.cpuPercent.toFixed(2)} % of a core, ${kib(idle.bytesEach)} each`)
    }
    const all = await measureIdle(bench, many)
    bench.note(
      `idle, ${many}: ${all.served} served, ${all.cpuPercent.toFixed(2)} % of a core, ${kib(all.bytesEach)} each`,
    )
    const what = `${few.toLocaleString('en-US')} idle viewers of a running run`
    return {
      findings: [
        { what: `${what}: processor`, samples: some.map((i) => i.cpuPercent), unit: '% of a core', goal: atMost(3) },
        { what: `${what}: memory`, samples: some.map((i) => i.bytesEach / 1024), unit: 'KB each', goal: atMost(30) },
        {
          what: `${many.toLocaleString('en-US')} idle viewers: served`,
          samples: [all.served],
          unit: 'viewers',
          goal: atLeast(many),
        },
      ],
      series: [{ what: `${many} idle viewers: processor`, samples: [all.cpuPercent], unit: '% of a core' }],
    }
  },
}

async function measureIdle(bench: Bench, viewers: number): Promise<Idle> {
  await using tailgate = await Tailgate.start(bench.workspace, bench.nodeArgs)
  await using showing = await tailgate.open(1, BURST, 'text')
  const { gateway } = tailgate
  // A first viewer, so that what the first one costs is not taken for what each costs.
  await bench.viewers.connect(showing.target, 1, 'nothing')
  await sleep(bench.sizes.settleMs)
  await bench.viewers.close()
  await gateway.collectGarbage()
  const memoryBefore = residentBytes(gateway.pid)
  await bench.viewers.connect(showing.target, viewers, 'nothing')
  await sleep(bench.sizes.settleMs)
  await gateway.collectGarbage()
  const memory = residentBytes(gateway.pid)
  const cpuBefore = processCpuMs(gateway.pid)
  const startedAt = performance.now()
  await sleep(bench.sizes.idleSeconds * 1000)
  const cpu = processCpuMs(gateway.pid) - cpuBefore
  const elapsed = performance.now() - startedAt
  const { bytes: before } = await bench.viewers.count()
  await sleep(TICKS_MS)
  const { bytes: after } = await bench.viewers.count()
  await showing.write()
  await bench.viewers.close()
  return {
    cpuPercent: (cpu / elapsed) * 100,
    bytesEach: (memory - memoryBefore) / viewers,
    served: after.filter((bytes, i) => bytes > (before[i] ?? 0)).length,
  }
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
