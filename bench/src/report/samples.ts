/** The same thing measured several times. */
export type Samples = readonly number[]

export function median(samples: Samples): number {
  return percentile(samples, 50)
}

/** The value that so many percent of the samples do not exceed; between two neighbours it lies on the line. */
export function percentile(samples: Samples, percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = ((sorted.length - 1) * percent) / 100
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new Error('There is nothing to take a percentile of.')
  return low + (high - low) * (at - Math.floor(at))
}

/** One series over another, round by round, so that what slows a whole round down cancels out. */
export function ratios(of: Samples, to: Samples): Samples {
  return of.map((value, round) => value / (to[round] ?? Number.NaN))
}
