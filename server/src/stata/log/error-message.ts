/**
 * Which of the lines above `r(N);` are the error's own message. Colours are lost in a text log, so this goes by shape:
 * the last sentence, and the lines before it that belong to it, but no tables, rules, notes or progress.
 */

/** The most lines a message may have; when more text stands together, only its last sentence is the message. */
const MAX_MESSAGE_LINES = 8

export type ErrorMessage = {
  /** Index of the first message line among the given lines, and one past the last. */
  readonly from: number
  readonly to: number
  /** The lines joined by LF; null when there is no message. */
  readonly text: string | null
}

const NONE: ErrorMessage = { from: 0, to: 0, text: null }

/** What Mata and Python print below their message, and the frame that `set trace on` puts around everything. */
const TRAILER = /^(?:-{5,}|\(\d+ lines? skipped\)|\s*-{3,} (?:begin|end) \S+ -{2,}|\s*[-=] .*)$/

/** Output that stands right above a message: tables, rules, notes, iterations, replications. */
const OUTPUT = [
  /^[\s\-=+|*_#.]+$/,
  / \|(?: |$)|^\s*\|/,
  /^\(.*\)$/,
  /^\s*note:/i,
  /^Iteration \d+/i,
  /^[.xsen?]{5,}(?:\s+\d+)?$/,
  /^[A-Z].*\b(?:replications|simulations|permutations|imputations)\b.*\(/i,
  /^[\s\d.,e+-]+$/,
  /^\s*\[?(?:pass(?:ed)?|ok)\b/i,
  /^\s*[-=] /,
]

/** Sentences that are whole by themselves, so that text right above them is output. */
const WHOLE =
  /(?: not found| already defined| is unrecognized| not allowed| already exists| could not be opened|^unrecognized command.*|^varlist required|^no observations|^type mismatch|^conformability error|^no variables defined|^invalid %format|^repeated time values within panel|^variables? .* do(?:es)? not uniquely identify .*|^file .* not Stata format|^no; dataset? in memory .*|^matrix has missing values)$/

/** A Mata message: the function, the code, the text. */
const MATA = /^\s*\S+:\s+(?:\d+|-)\s{2,}\S/

/** Replication dots that the message was glued to. */
const GLUED_DOTS = /^[.xsen?\d,]*\.{2,}(?=[A-Za-z'"`([])/

export function errorMessage(rc: number, lines: readonly string[], truncated: boolean): ErrorMessage {
  let to = lines.length
  const line = (index: number): string => lines[index] ?? ''
  if (rc === 1) {
    const first = lines.indexOf('--Break--')
    return first === -1 ? NONE : { from: first, to, text: '--Break--' }
  }
  while (to > 0 && (TRAILER.test(line(to - 1)) || line(to - 1) === '--Break--')) to -= 1
  if (to === 0 || isOutput(line(to - 1))) return NONE
  const sentence = startOfSentence(lines, to)
  const last = joined(lines, sentence, to, ' ')
  let from = sentence
  if (last === 'assertion is false') {
    if (sentence > 0 && /^[\d,]+ contradictions? in [\d,]+ observations?/.test(line(sentence - 1))) from -= 1
  } else if (!WHOLE.test(last)) {
    while (from > 0 && !isOutput(line(from - 1))) from -= 1
    // Text that fills all there is to see is output; its last sentence is the best guess.
    if (to - from > MAX_MESSAGE_LINES || (from === 0 && truncated)) from = sentence
  }
  from = Math.max(from, to - MAX_MESSAGE_LINES)
  return { from, to, text: joined(lines, from, to, '\n').replace(GLUED_DOTS, '') }
}

function isOutput(line: string): boolean {
  return !MATA.test(line) && OUTPUT.some((pattern) => pattern.test(line))
}

/** The line where the last sentence begins: wrapped lines are indented by four blanks, or begin with `> `. */
function startOfSentence(lines: readonly string[], to: number): number {
  let from = to - 1
  while (from > 0 && /^(?: {4}|> )/.test(lines[from] ?? '') && !MATA.test(lines[from] ?? '')) {
    if (isOutput(lines[from - 1] ?? '')) break
    from -= 1
  }
  return from
}

function joined(lines: readonly string[], from: number, to: number, separator: string): string {
  return lines
    .slice(from, to)
    .map((line) => line.trim())
    .join(separator)
}
