/**
 * Finds the line of a do-file that a command in the log came from. The log has the command as Stata echoed it: behind
 * a prompt, broken at the line size, without what `///` hid. So the beginning has to do. A command that stands in
 * several places is the one whose place in the do-file is most like the echo's place in the log.
 */

export type Echo = {
  /** First line of the echo, with its prompt. */
  readonly text: string
  /** 1-based line of the log. */
  readonly line: number
}

/** Fewer characters than this are no proof of anything. */
const MIN_COMMON = 3

/** 1-based line of the do-file, or null when it has no such command (it came from another file, or a macro). */
export function locateCommand(echo: Echo, logLines: number, sourceLines: readonly string[]): number | null {
  const command = squeeze(echo.text.replace(/^(?:\.|:|\s*\d+\.)\s?/, ''))
  if (command.length < MIN_COMMON) return null
  const expected = (echo.line / Math.max(1, logLines)) * sourceLines.length
  let best: number | null = null
  for (const [index, line] of sourceLines.entries()) {
    if (!isSame(squeeze(line), command)) continue
    if (best === null || Math.abs(index - expected) < Math.abs(best - 1 - expected)) best = index + 1
  }
  return best
}

/** The echo may be cut at the line size; the source line may go on with a comment that Stata echoes as well. */
function isSame(line: string, command: string): boolean {
  if (line.length < MIN_COMMON) return false
  return line === command || (command.length >= 40 && line.startsWith(command))
}

function squeeze(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
