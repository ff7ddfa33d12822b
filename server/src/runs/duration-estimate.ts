import type { Progress } from '@tailgate/shared'

/** How many earlier successful runs of the same do-file an estimate rests on, at most. */
export const ESTIMATE_RUNS = 10

/** Never 100: a run that takes longer than expected is not done. */
const MAX_PERCENT = 99

/** What earlier durations say of a run that has been going for `elapsedMs`; null when there are none. */
export function estimateDuration(earlierMs: readonly number[], elapsedMs: number): Progress['estimate'] {
  if (earlierMs.length === 0) return null
  const expectedMs = median(earlierMs)
  return {
    expectedMs,
    percent: Math.min(MAX_PERCENT, Math.floor(shareDone(expectedMs, elapsedMs) * 1000) / 10),
    remainingMs: Math.max(0, expectedMs - elapsedMs),
    runs: earlierMs.length,
  }
}

/** Beyond what was expected it creeps on instead of standing still or jumping to the end. */
function shareDone(expectedMs: number, elapsedMs: number): number {
  if (elapsedMs === 0) return 0
  return elapsedMs <= expectedMs ? elapsedMs / (expectedMs * 1.1) : 1 - expectedMs / (11 * elapsedMs)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
