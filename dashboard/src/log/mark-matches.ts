/** A part of a line: a match, or what is between two. */
export type LinePart = { readonly start: number; readonly text: string; readonly isMatch: boolean }

/** More matches than these in one line are not marked. */
const MOST_MARKS = 200

/** The pattern that marks what a search finds: literal, with the `g` flag. */
export function matchPattern(text: string, ignoreCase: boolean): RegExp {
  return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), ignoreCase ? 'gi' : 'g')
}

/** Cuts a line at its matches. The parts together are the line. */
export function markMatches(line: string, pattern: RegExp): LinePart[] {
  const parts: LinePart[] = []
  let end = 0
  for (const match of line.matchAll(pattern)) {
    if (parts.length >= 2 * MOST_MARKS) break
    if (match.index > end) parts.push({ start: end, text: line.slice(end, match.index), isMatch: false })
    parts.push({ start: match.index, text: match[0], isMatch: true })
    end = match.index + match[0].length
  }
  if (end < line.length) parts.push({ start: end, text: line.slice(end), isMatch: false })
  return parts
}
