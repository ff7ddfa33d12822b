import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isEnded, runSchema } from '@tailgate/shared'
import * as z from 'zod'
import type { Bench, Scenario } from '../bench.ts'
import { atMost } from '../report/finding.ts'
import { median } from '../report/samples.ts'
import { type GatewayProcess, startGateway } from '../subjects/gateway-process.ts'

/** From asking for a run to its engine's running, and from starting the gateway to its being ready. */

/** An engine that notes when it began, nanoseconds since 1970, and ends. */
const STAMPING_ENGINE = '#!/bin/sh\nexec date +%s%N > began\n'

const ENDED_POLL_MS = 5

export const starting: Scenario = {
  name: 'starting',
  async measure(bench) {
    const spawning = await measureStarts(bench)
    const ready = await measureReady(bench)
    return {
      findings: [
        { what: 'start of a run, p50 over a bare spawn', samples: spawning.overhead, unit: 'ms', goal: atMost(15) },
        { what: 'tailgate serve to ready', samples: ready.warm, unit: 'ms', goal: atMost(700) },
      ],
      series: [
        { what: 'request to engine running', samples: spawning.through, unit: 'ms' },
        { what: 'bare spawn to engine running', samples: spawning.bare, unit: 'ms' },
        { what: 'tailgate serve to ready, the first time', samples: [ready.first], unit: 'ms' },
      ],
    }
  },
}

type Starts = { readonly through: number[]; readonly bare: number[]; readonly overhead: number[] }

/** Medians, one a round. */
async function measureStarts(bench: Bench): Promise<Starts> {
  const base = await mkdtemp(join(bench.workspace, 'starting-'))
  const root = join(base, 'root')
  const dataDir = join(base, 'data')
  const stata = join(base, 'stata-mp')
  const doFile = join(root, 'empty.do')
  await mkdir(root)
  await writeFile(doFile, '* nothing\n')
  await writeFile(stata, STAMPING_ENGINE)
  await chmod(stata, 0o755)
  const gateway = await startGateway({ dataDir, root, stata, nodeArgs: bench.nodeArgs })
  const through: number[] = []
  const bare: number[] = []
  for (let round = 1; round <= bench.sizes.rounds; round++) {
    const asked: number[] = []
    const spawned: number[] = []
    for (let start = 0; start < bench.sizes.starts; start++) {
      const askedAt = wallClock()
      const { id } = z.object({ id: z.string() }).parse(await gateway.post('/runs', { file: doFile }))
      asked.push((await began(join(dataDir, 'runs', id))) - askedAt)
      await ended(gateway, id)
      const directory = await mkdtemp(join(base, 'bare-'))
      const spawnedAt = wallClock()
      const engine = spawn(stata, ['-b', '-q', 'do', doFile], { cwd: directory, stdio: 'ignore' })
      spawned.push((await began(directory)) - spawnedAt)
      if (engine.exitCode === null) await once(engine, 'exit')
    }
    through.push(median(asked))
    bare.push(median(spawned))
    bench.note(`starts, round ${round}: ${median(asked).toFixed(1)} ms, bare ${median(spawned).toFixed(1)} ms`)
  }
  await gateway.stop()
  return { through, bare, overhead: through.map((ms, round) => ms - (bare[round] ?? Number.NaN)) }
}

/** Waits until the gateway is done with a run: what it still does would make the bare spawn look slower than it is. */
async function ended(gateway: GatewayProcess, id: string): Promise<void> {
  const look = async () => runSchema.parse(await gateway.get(`/runs/${id}`))
  while (!isEnded((await look()).state)) await sleep(ENDED_POLL_MS)
}

/** When the engine in a directory began, milliseconds since 1970. */
async function began(directory: string): Promise<number> {
  for (;;) {
    const text = await readFile(join(directory, 'began'), 'latin1').catch(() => '')
    if (text.endsWith('\n')) return Number(text) / 1e6
    await sleep(1)
  }
}

function wallClock(): number {
  return performance.timeOrigin + performance.now()
}

async function measureReady(bench: Bench): Promise<{ first: number; warm: number[] }> {
  const base = await mkdtemp(join(bench.workspace, 'ready-'))
  const warm: number[] = []
  let first = Number.NaN
  for (let round = 0; round <= bench.sizes.rounds; round++) {
    const startedAt = performance.now()
    const gateway = await startGateway({ dataDir: join(base, 'data'), root: base, stata: 'standin', monitored: false })
    const ms = performance.now() - startedAt
    await gateway.stop()
    if (round === 0) first = ms
    else warm.push(ms)
  }
  bench.note(`ready: ${warm.map((ms) => ms.toFixed(0)).join(', ')} ms, the first time ${first.toFixed(0)} ms`)
  return { first, warm }
}
