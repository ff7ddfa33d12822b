/** What the echo reader knows between two lines. */

/** What a line is to the reader. `prompt` is an echo without code: an empty source line or a comment. */
export type LineClass = 'blank' | 'output' | 'command' | 'prompt' | 'continuation' | 'body'

type Dialect = 'stata' | 'mata' | 'python'

/** JSON-able. Reset by nobody: it lives as long as the log. */
export type EchoState = {
  /** Class of the line before, that of a continued echo for its continuations; a log begins as after a blank line. */
  before: 'blank' | 'output' | 'command' | 'prompt' | 'body'
  dialect: Dialect
  linesize: number
  delimited: boolean
  /** The echo may go on in the next line: it may have filled the line, or its source says so. */
  wide: boolean
  continues: boolean
  /** A continuation would be the next source line, not the wrapped rest of this one. */
  breaks: boolean
  commentDepth: number
  /** The statement is a `*` comment. */
  starred: boolean
  /** The last characters of a wide line: a wrap may fall inside `///`. */
  tail: string
  /** The last echoed line ends with an opening brace. */
  opens: boolean
  /** Open echoing `if`/`capture noisily` blocks. */
  inline: number
  /** The number that the next body line has; 0 outside numbered blocks. */
  nextNumber: number
  /** Open braces of the loop; -1 for blocks that end with `end`. */
  braces: number
  /** First word of the last command, and its number of the first body line: 2 for loops, 1 for programs and `input`. */
  word: string
  firstNumber: number
  /** First line of the last echo when it is a `display`: what that prints may look like anything. */
  displayed: string
  /** An empty prompt with its trailing blank has been seen, so a bare `.` is output. */
  spaced: boolean
}

/** Stata's default in batch mode. */
const DEFAULT_LINESIZE = 79

/** Some logs are narrower from their first line on; an echo that may have been wrapped has at least this many columns. */
export const MIN_WRAPPED_COLUMNS = 60

export function startEcho(): EchoState {
  return {
    before: 'blank',
    dialect: 'stata',
    linesize: DEFAULT_LINESIZE,
    delimited: false,
    wide: false,
    continues: false,
    breaks: false,
    commentDepth: 0,
    starred: false,
    tail: '',
    opens: false,
    inline: 0,
    nextNumber: 0,
    braces: 0,
    word: '',
    firstNumber: 0,
    displayed: '',
    spaced: false,
  }
}

/** Do-files that have ended leave their blocks and their delimiter behind. */
export function resumeEcho(state: EchoState, delimited: boolean, inline: number): void {
  state.delimited = delimited
  state.inline = inline
  state.nextNumber = 0
  state.firstNumber = 0
  state.continues = false
}

/** The line before is an echo. */
export function afterEcho(state: EchoState): boolean {
  return state.before !== 'blank' && state.before !== 'output'
}

const DOUBLE_WIDTH = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g

/** Does the line take this many screen columns? Stata wraps by those, and East Asian characters take two. */
export function fills(text: string, width: number): boolean {
  if (text.length >= width || 2 * text.length < width) return text.length >= width
  return text.length + (text.match(DOUBLE_WIDTH)?.length ?? 0) >= width
}
