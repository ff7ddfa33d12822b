/** Calendar dates as Stata writes them. Day 0 of the do-file language is 1 January 1960. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const MS_PER_DAY = 86_400_000
const EPOCH_MS = Date.UTC(1960, 0, 1)

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** `%td`: 02apr2026. */
export function formatDate(day: number): string {
  const date = new Date(EPOCH_MS + Math.floor(day) * MS_PER_DAY)
  if (Number.isNaN(date.getTime())) return String(day)
  const month = MONTHS[date.getUTCMonth()] ?? ''
  return `${twoDigits(date.getUTCDate())}${month.toLowerCase()}${date.getUTCFullYear()}`
}

/** Days since 1 January 1960 of that calendar date; undefined if there is no such date. */
export function dayNumber(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return Math.round((date.getTime() - EPOCH_MS) / MS_PER_DAY)
}

/** c(current_date) in local time: " 2 Apr 2026". */
export function currentDate(now: Date): string {
  return `${String(now.getDate()).padStart(2)} ${MONTHS[now.getMonth()] ?? ''} ${now.getFullYear()}`
}

/** c(current_time) in local time: 12:08:00. */
export function currentTime(now: Date): string {
  return [now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join(':')
}
