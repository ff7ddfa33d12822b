import { ulid } from 'ulid'

/** Makes run ids: ULIDs (48 bits of time, 80 random), sortable by start order even within a millisecond. */
export function createRunIds(wallClock: () => number): () => string {
  let last = 0
  return () => {
    last = Math.max(wallClock(), last + 1)
    return ulid(last)
  }
}
