import type { TailgateClient } from '@tailgate/client'
import type { LineRange } from './line-range.ts'

/** More lines than these are not for the clipboard; the raw log has them all. */
export const MOST_LINES_COPIED = 50_000

const LINES_PER_PAGE = 2_000

/** The text of lines as the log has them, whole, from the gateway. */
export async function readLines(
  runs: Pick<TailgateClient['runs'], 'lines'>,
  runId: string,
  { first, last }: LineRange,
): Promise<string> {
  const texts: string[] = []
  let joined = true
  for (let from = first; from <= last; ) {
    const { lines } = await runs.lines({ runId, from, count: Math.min(LINES_PER_PAGE, last - from + 1) })
    if (lines.length === 0) break
    for (const line of lines) {
      // The gateway cuts a very long line into several, which are one again here.
      if (joined) texts.push(line.text)
      else texts[texts.length - 1] += line.text
      joined = line.cut !== true
    }
    from += lines.length
  }
  return texts.join('\n')
}
