/** Durations as a reader takes them in at a glance. Input is milliseconds. */

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  if (ms < 10 * SECOND) return `${(Math.floor(Math.max(0, ms) / 100) / 10).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${pad(Math.floor((ms % MINUTE) / SECOND))} s`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${pad(Math.floor((ms % HOUR) / MINUTE))} min`
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
}

/** A clock that runs: `0:07`, `12:03`, `1:02:03`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / SECOND)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const tail = pad(seconds % 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${tail}` : `${minutes}:${tail}`
}

/** An estimate, with no more digits than it deserves: `under a minute`, `about 12 min`, `about 2 h 10 min`. */
export function formatEstimate(ms: number): string {
  if (ms < MINUTE) return ms < 10 * SECOND ? 'a few seconds' : `about ${Math.ceil(ms / (10 * SECOND)) * 10} s`
  if (ms < HOUR) return `about ${Math.round(ms / MINUTE)} min`
  if (ms < DAY) {
    const tens = Math.round(ms / (10 * MINUTE))
    const rest = (tens % 6) * 10
    return `about ${Math.floor(tens / 6)} h${rest === 0 ? '' : ` ${rest} min`}`
  }
  return `about ${Math.round(ms / DAY)} d`
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
