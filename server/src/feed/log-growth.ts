import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MAX_RATE_SAMPLES, type Rate, rateSchema } from '@tailgate/shared'

/**
 * How a run's log has grown: so many lines after so much time. Bounded: when it is full, every second sample goes and
 * from then on samples lie twice as far apart, so a run of a minute and one of a month are told equally well.
 */

export type GrowthSample = Rate['samples'][number]

/** As often as ticks come. */
const FIRST_INTERVAL_MS = 2_000

export class LogGrowth {
  #intervalMs: number
  #kept: GrowthSample[]
  #latest: GrowthSample | null = null

  constructor(kept: readonly GrowthSample[] = []) {
    this.#kept = [...kept]
    this.#intervalMs = FIRST_INTERVAL_MS
    // What was kept tells how far apart it has been.
    const last = kept.at(-1)
    while (last !== undefined && last.elapsedMs / this.#intervalMs > MAX_RATE_SAMPLES) this.#intervalMs *= 2
  }

  /** To be told at every tick and at the run's end; times never decrease. */
  note(sample: GrowthSample): void {
    this.#latest = sample
    const last = this.#kept.at(-1)
    if (last !== undefined && sample.elapsedMs - last.elapsedMs < this.#intervalMs) return
    this.#kept.push(sample)
    if (this.#kept.length < MAX_RATE_SAMPLES) return
    this.#kept = this.#kept.filter((_, index) => index % 2 === 0)
    this.#intervalMs *= 2
  }

  /** In order of time; the newest is always among them. */
  samples(): GrowthSample[] {
    const latest = this.#latest
    return latest === null || latest === this.#kept.at(-1) ? [...this.#kept] : [...this.#kept, latest]
  }
}

const growthPath = (runDir: string) => join(runDir, 'run.growth')

export async function saveGrowth(runDir: string, growth: LogGrowth): Promise<void> {
  const path = growthPath(runDir)
  await writeFile(`${path}.new`, JSON.stringify({ samples: growth.samples() } satisfies Rate))
  await rename(`${path}.new`, path)
}

/** Empty when nothing was saved, or nothing that makes sense. */
export async function loadGrowth(runDir: string): Promise<LogGrowth> {
  try {
    const { samples } = rateSchema.parse(JSON.parse(await readFile(growthPath(runDir), 'utf8')))
    return new LogGrowth(samples)
  } catch {
    return new LogGrowth()
  }
}
