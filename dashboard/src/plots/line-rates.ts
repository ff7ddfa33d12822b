import type { Rate } from '@tailgate/client'

/** What the plots draw: one value for each point in time, seconds since the start. */
export type Series = { readonly seconds: readonly number[]; readonly values: readonly number[] }

/** Lines in the log over time, from nothing at the start. */
export function logGrowth({ samples }: Rate): Series {
  return {
    seconds: [0, ...samples.map(({ elapsedMs }) => elapsedMs / 1_000)],
    values: [0, ...samples.map(({ lines }) => lines)],
  }
}

/**
 * Lines per second between each sample and the one before it. A log that began anew has fewer lines than before: what
 * it has then is all that came.
 */
export function lineRates({ samples }: Rate): Series {
  const seconds: number[] = []
  const values: number[] = []
  let before = { elapsedMs: 0, lines: 0 }
  for (const sample of samples) {
    const passed = (sample.elapsedMs - before.elapsedMs) / 1_000
    if (passed > 0) {
      const came = sample.lines >= before.lines ? sample.lines - before.lines : sample.lines
      seconds.push(sample.elapsedMs / 1_000)
      values.push(came / passed)
    }
    before = sample
  }
  return { seconds, values }
}

/** `up to 1,200 lines/s, 35 on average`; for those who cannot see the plot. */
export function describeRates({ seconds, values }: Series, lines: number): string {
  const peak = Math.max(0, ...values)
  const total = seconds.at(-1) ?? 0
  const average = total > 0 ? lines / total : 0
  return `Up to ${round(peak)} lines per second, ${round(average)} on average.`
}

function round(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 2 })
}
