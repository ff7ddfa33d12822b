/**
 * What a screen reader is told of a growing log: the new lines themselves while they come slowly enough to be listened
 * to, else how many came. Pure.
 */

/** The reader is told something at most this often, milliseconds. */
export const ANNOUNCE_EVERY_MS = 3_000

/** More new lines than these are not read out but counted. */
const MOST_LINES_READ = 3

/** More characters of a line than these are not read out. */
const MOST_CHARS_READ = 200

/** `texts`: the last of the new lines, oldest first. */
export function announcement(count: number, texts: readonly string[]): string {
  if (count === 0) return ''
  if (count > MOST_LINES_READ) return `${count.toLocaleString('en-US')} new lines`
  return texts
    .map((text) => text.trim().slice(0, MOST_CHARS_READ))
    .filter((text) => text !== '')
    .join('\n')
}
