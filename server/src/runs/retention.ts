/** Which ended runs are to be forgotten. Pure; runs that have not ended are never asked about. */

export type RetentionPolicy = {
  /** The newest so many are kept; null for any number. */
  readonly keepRuns: number | null
  /** Kept for this long after their end; null for ever. */
  readonly keepDays: number | null
  /** The newest are kept as long as their logs together take no more bytes; null for any. */
  readonly keepBytes: number | null
}

export type EndedRun = { readonly id: string; readonly endedAt: number; readonly bytes: number }

const DAY_MS = 24 * 60 * 60 * 1_000

/** Ids of the runs that the policy does not keep, from runs in any order. */
export function expiredRuns(ended: readonly EndedRun[], policy: RetentionPolicy, now: number): string[] {
  const newestFirst = ended.toSorted((a, b) => b.endedAt - a.endedAt)
  const oldest = policy.keepDays === null ? Number.NEGATIVE_INFINITY : now - policy.keepDays * DAY_MS
  let bytes = 0
  let full = false
  return newestFirst
    .filter((run, index) => {
      bytes += run.bytes
      // Once one did not fit, older ones go too: what is kept has no gaps.
      full ||= policy.keepBytes !== null && bytes > policy.keepBytes
      return full || run.endedAt < oldest || (policy.keepRuns !== null && index >= policy.keepRuns)
    })
    .map(({ id }) => id)
}
