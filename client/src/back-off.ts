/**
 * How long to wait before the next attempt: doubling from a first delay up to a longest, with half of it left to
 * chance, so that the viewers of a gateway that restarts do not all come back in the same moment.
 */

/** The longest wait after the first failure, milliseconds. */
export const FIRST_RETRY_MS = 100

/** The longest wait after any number of failures, milliseconds. */
export const LONGEST_RETRY_MS = 5_000

/** The share of each wait that is left to chance. */
export const RETRY_JITTER = 0.5

export type BackOff = {
  /** The longest wait after the first failure, milliseconds; default 100. */
  readonly firstMs?: number | undefined
  /** The longest wait after any number of failures, milliseconds; default 5,000. */
  readonly longestMs?: number | undefined
}

/**
 * The wait after so many failures in a row (1 for the first), in milliseconds: at most
 * `firstMs · 2^(failures − 1)` and `longestMs`, at least half of that. `random` is uniform in [0, 1).
 */
export function backOffMs(
  failures: number,
  { firstMs = FIRST_RETRY_MS, longestMs = LONGEST_RETRY_MS }: BackOff,
  random: () => number,
): number {
  const most = Math.min(longestMs, firstMs * 2 ** (failures - 1))
  return most * (1 - RETRY_JITTER * random())
}
