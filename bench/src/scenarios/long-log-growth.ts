import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import type { Bench } from '../bench.ts'
import { forgetPeak, peakResidentBytes, residentBytes } from '../subjects/processes.ts'
import type { Shown, Tailgate } from '../subjects/tailgate.ts'

/** How much memory a gateway takes for a long log that is written as fast as the disk takes it. */

/** Viewers, and one beside them that reads nothing. */
export const LONG_LOG_VIEWERS = 5

/** What a viewer is sent besides the log: who starts, how it ended, the final record. */
const OTHER_LINES = 3
const PATIENCE_MS = 30_000

const recordSchema = z.object({ endedAt: z.string().nullable(), log: z.object({ lines: z.number() }) })

export type Growth = { readonly bytes: number; readonly seconds: number }

export async function measureGrowth(bench: Bench, { gateway }: Tailgate, showing: Shown): Promise<Growth> {
  await bench.viewers.connect(showing.target, LONG_LOG_VIEWERS + 1, 'count', 1)
  await gateway.collectGarbage()
  const before = residentBytes(gateway.pid)
  forgetPeak(gateway.pid)
  const watching = bench.viewers.watch(showing.logBytes)
  const { startedAt } = await showing.write()
  const { endedAt } = await watching
  const bytes = peakResidentBytes(gateway.pid) - before
  await expectAllLines()
  await bench.viewers.close()
  return { bytes, seconds: (endedAt - startedAt) / 1e9 }

  async function expectAllLines(): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS
    for (;;) {
      const record = recordSchema.parse(await gateway.get(`/runs/${showing.runId}`))
      const { lines } = await bench.viewers.count()
      const fewest = Math.min(...lines.slice(1))
      if (record.endedAt !== null && fewest >= record.log.lines + OTHER_LINES) return
      if (performance.now() > deadline) {
        throw new Error(`A viewer was sent ${fewest} lines; the log has ${record.log.lines}.`)
      }
      await sleep(50)
    }
  }
}
