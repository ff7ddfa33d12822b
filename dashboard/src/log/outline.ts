import type { Mark, MarkKind } from '@tailgate/client'

/**
 * The commands and errors of a log, in its order: what one can jump to. Begun with the gateway's marks, gone on with by
 * the live stream. Immutable, but for appending, which shares what is there.
 */

export type OutlineEntry = Mark & { readonly kind: MarkKind }

export type Outline = {
  readonly entries: readonly OutlineEntry[]
  /** How many of them are errors. */
  readonly errors: number
  /** The line up to which all entries are known. */
  readonly knownTo: number
  /** There are more than are listed. */
  readonly isFull: boolean
}

/** More commands than these are not listed, nor more errors: of those few are enough, but they must not be crowded out. */
export const MAX_COMMANDS = 20_000
export const MAX_ERRORS = 2_000

export const EMPTY_OUTLINE: Outline = { entries: [], errors: 0, knownTo: 0, isFull: false }

/**
 * Adds entries from behind `knownTo` on; some may be there already, as when an error's lines become known late.
 * `isCut`: there are more, which were not asked for.
 */
export function extended(
  outline: Outline,
  added: readonly OutlineEntry[],
  knownTo: number,
  { isCut = false } = {},
): Outline {
  const known = Math.max(outline.knownTo, knownTo)
  if (added.length === 0) return known === outline.knownTo ? outline : { ...outline, knownTo: known }
  const first = Math.min(...added.map(({ number }) => number))
  const at = indexAtOrBefore(outline.entries, first - 1) + 1
  const behind = new Map(outline.entries.slice(at).map((entry) => [entry.number, entry]))
  for (const entry of added) behind.set(entry.number, entry)
  const sorted = [...behind.values()].sort((one, other) => one.number - other.number)
  const all = joined([...outline.entries.slice(0, at), ...sorted], at)
  const count = { command: 0, error: 0 }
  const entries = all.filter(({ kind }) => {
    count[kind] += 1
    return count[kind] <= MOST[kind]
  })
  const isFull = outline.isFull || isCut || entries.length < all.length
  return { entries, errors: Math.min(count.error, MAX_ERRORS), knownTo: known, isFull }
}

const MOST: Readonly<Record<MarkKind, number>> = { command: MAX_COMMANDS, error: MAX_ERRORS }

/** Position of the last entry at or before a line; -1 when there is none. */
export function indexAtOrBefore(entries: readonly OutlineEntry[], line: number): number {
  let low = -1
  let high = entries.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((entries[middle]?.number ?? 0) <= line) low = middle
    else high = middle - 1
  }
  return low
}

/** The last entry at or before a line: what that line belongs to. */
export function entryAt(entries: readonly OutlineEntry[], line: number): OutlineEntry | null {
  return entries[indexAtOrBefore(entries, line)] ?? null
}

/**
 * The entries of the user's own do-file: without the two commands of the wrapper that runs it, which begin every log.
 */
export function withoutWrapper(entries: readonly OutlineEntry[]): readonly OutlineEntry[] {
  const [cd, run] = entries
  return cd?.text.startsWith('. cd `"') && run?.text.startsWith('. do `"') ? entries.slice(2) : entries
}

/** The entries that contain a text, in either case. */
export function matching(entries: readonly OutlineEntry[], text: string): readonly OutlineEntry[] {
  const wanted = text.trim().toLowerCase()
  return wanted === '' ? entries : entries.filter((entry) => entry.text.toLowerCase().includes(wanted))
}

/** An echo as it was written in the do-file. */
export function withoutPrompt(echo: string): string {
  return echo.replace(/^(?:\. |: |\s*\d+\.\s|> )/, '')
}

/** A command without its prompt; a comment without its star. What a reader looks for is behind them. */
export function entryTitle({ kind, text }: OutlineEntry): { readonly isComment: boolean; readonly title: string } {
  if (kind === 'error') return { isComment: false, title: text.trim() }
  const code = withoutPrompt(text).trim()
  const comment = /^(?:\*+|\/\/+|\/\*+)[\s*=\-_#/]*(.*?)[\s*=\-_#/]*$/.exec(code)?.[1]
  return comment === undefined ? { isComment: false, title: code } : { isComment: true, title: comment }
}

/** The lines of one error that became known one by one are one entry. */
function joined(entries: OutlineEntry[], from: number): OutlineEntry[] {
  const result = entries.slice(0, Math.max(0, from - 1))
  for (const entry of entries.slice(Math.max(0, from - 1))) {
    const last = result.at(-1)
    const goesOn = last?.kind === 'error' && entry.kind === 'error' && entry.number <= last.number + last.lines
    if (last !== undefined && goesOn) {
      result[result.length - 1] = { ...last, lines: Math.max(last.lines, entry.number + entry.lines - last.number) }
    } else {
      result.push(entry)
    }
  }
  return result
}
