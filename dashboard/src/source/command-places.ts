import { type OutlineEntry, withoutPrompt } from '../log/outline.ts'

/**
 * Where the lines of a do-file stand in the log of its run, and the other way round. Pure.
 *
 * Stata echoes what it runs as it was written, so the echoes of a do-file come in its order. Each is looked for from
 * behind the one before. Lines that echo nothing are skipped, but not too many at once; an echo that is not found (of
 * another do-file that this one ran) belongs to the command before.
 */

/** A command of the do-file and its echo. Lines of both only increase from place to place. */
type CommandPlace = {
  /** First line of the echo, 1-based. */
  readonly logLine: number
  /** First line of the command in the do-file, 1-based, and how many it has. */
  readonly sourceLine: number
  readonly sourceLines: number
}

export type CommandPlaces = {
  readonly inOrder: readonly CommandPlace[]
  /** The line of the log for each line of the do-file that has one. */
  readonly logLines: ReadonlyMap<number, number>
}

export const NO_PLACES: CommandPlaces = { inOrder: [], logLines: new Map() }

/** So many lines of the do-file may be skipped at once. */
const LOOK_AHEAD = 50

/** Lines shorter than this are too common to skip others for. */
const MIN_SKIP_CHARS = 8

/** An echo that was broken at the end of the log's line has at least so many characters before. */
const MIN_BROKEN_CHARS = 30

/** Finds the commands of a log in the text of its do-file. */
export function placeCommands(text: string, entries: readonly OutlineEntry[]): CommandPlaces {
  const source = text
    .split('\n')
    .map((line, index) => ({ code: squeezed(line), line: index + 1 }))
    .filter(({ code }) => code !== '')
  const places: CommandPlace[] = []
  let next = 0
  /** So many lines are next: the rest of a command that has several, and one more. */
  let near = 1
  for (const { kind, number, lines, text } of entries) {
    if (kind === 'error') continue
    const code = squeezed(withoutPrompt(text))
    const isBroken = lines > 1 && code.length >= MIN_BROKEN_CHARS
    const end = Math.min(source.length, next + (code.length < MIN_SKIP_CHARS ? near : LOOK_AHEAD))
    for (let at = next; at < end; at += 1) {
      const line = source[at]
      const isSame = line?.code === code
      if (line === undefined || !(isSame || (isBroken && line.code.startsWith(code)))) continue
      places.push({ logLine: number, sourceLine: line.line, sourceLines: isSame ? lines : 1 })
      next = at + 1
      near = lines
      break
    }
  }
  return { inOrder: places, logLines: logLinesOf(places) }
}

/** The line of the do-file whose command put a line of the log there. Null before the first command. */
export function sourceLineAt({ inOrder }: CommandPlaces, logLine: number): number | null {
  return inOrder.findLast((place) => place.logLine <= logLine)?.sourceLine ?? null
}

function logLinesOf(places: readonly CommandPlace[]): Map<number, number> {
  const logLines = new Map<number, number>()
  for (const { logLine, sourceLine, sourceLines } of places) {
    for (let line = sourceLine; line < sourceLine + sourceLines; line += 1) logLines.set(line, logLine)
  }
  return logLines
}

function squeezed(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ')
}
