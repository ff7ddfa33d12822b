/** Points in time, as told to a reader who is in `now`. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** `just now`, `5 min ago`, `14:05`, `Mon 14:05`, `3 Mar 14:05`, `3 Mar 2024`. */
export function formatMoment(iso: string, now: number): string {
  const at = new Date(iso)
  const age = now - at.getTime()
  if (age < MINUTE) return 'just now'
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`
  const today = new Date(now)
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  if (at.toDateString() === today.toDateString()) return time
  if (age < 6 * 24 * HOUR) return `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${time}`
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
  return at.getFullYear() === today.getFullYear() ? `${day} ${time}` : `${day} ${at.getFullYear()}`
}

/** In full, with the second and the time zone, for those who want to know exactly. */
export function formatExactly(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
}
