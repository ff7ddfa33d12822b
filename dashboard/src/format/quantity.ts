/** Counts and sizes. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** `512 B`, `1.4 KB`, `23 MB`; one decimal below ten. Units are powers of 1,000, as in file managers. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000
    unit += 1
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

/** `12,345` */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 line`, `12,345 lines`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`
}
