import { decodeTime, isValid, ulid } from 'ulid'

/**
 * Makes run ids: ULIDs (48 bits of time, 80 random), sortable by start order even within a millisecond, and after the
 * newest one there is, even when the clock was set back since.
 */
export function createRunIds(wallClock: () => number, newest: string | null): () => string {
  let last = newest !== null && isValid(newest) ? decodeTime(newest) : 0
  return () => {
    last = Math.max(wallClock(), last + 1)
    return ulid(last)
  }
}

/** Whether a text can be the id of a run. */
export function isRunId(text: string): boolean {
  return isValid(text)
}
