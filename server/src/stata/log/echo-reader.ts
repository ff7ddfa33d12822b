import { closesBrace, opensBrace, scanCode } from './code-line.ts'
import { commandWord } from './command-word.ts'

/**
 * Tells the echoes of commands from their output, line by line.
 *
 * Output may look like an echo (`list` numbers its rows, tables have a row `.`, programs display anything), so a line
 * is an echo only where Stata can have printed one:
 *
 *   `. cmd`    after a blank line or another echo; anywhere inside an `if` or `capture noisily` block that echoes
 *   `  2. cmd` inside a loop, a program or `input`, and only with the number that comes next
 *   `> rest`   after an echo that fills the line, ends in `///`, leaves a comment open, or lacks its `;`
 *   `: cmd`    in a Mata block; `>>> cmd` and `... cmd` in a Python block
 */

/** What a line is to the reader. `prompt` is an echo without code: an empty source line or a comment. */
export type EchoClass = 'blank' | 'output' | 'command' | 'prompt' | 'continuation' | 'body' | 'error'

type Dialect = 'stata' | 'mata' | 'python'

/** JSON-able. Reset by nobody: it lives as long as the log. */
export type EchoState = {
  /** Of the line before; the beginning of the log counts as blank. */
  before: 'blank' | 'echo' | 'output'
  dialect: Dialect
  linesize: number
  delimited: boolean
  /** The echo may go on in the next line: it filled the line, or its source says so. */
  wide: boolean
  continues: boolean
  /** A continuation would be the next source line, not the wrapped rest of this one. */
  breaks: boolean
  commentDepth: number
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

const DOT = 46
const GREATER = 62
const COLON = 58
const SPACE = 32

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

/** Classifies the next line and moves the state on. `text` is a clean line. */
export function readEcho(state: EchoState, text: string): EchoClass {
  const kind = classify(state, text)
  if (kind === 'output' || kind === 'blank') {
    if (state.nextNumber > 0 && state.word !== 'input') state.nextNumber = 0
    state.opens = false
    state.before = kind === 'output' && state.before === 'echo' && endsLikeBlank(state, text) ? 'blank' : kind
  } else {
    state.before = 'echo'
  }
  return kind
}

/** Do-files that have ended leave their blocks and their delimiter behind. */
export function resumeEcho(state: EchoState, delimited: boolean, inline: number): void {
  state.delimited = delimited
  state.inline = inline
  state.nextNumber = 0
  state.firstNumber = 0
  state.continues = false
}

function classify(state: EchoState, text: string): EchoClass {
  const first = text.charCodeAt(0)
  if (Number.isNaN(first)) return 'blank'
  if (first === DOT) {
    if (text.length > 1 && text.charCodeAt(1) !== SPACE) return pythonPrompt(state, text)
    return mayPrompt(state, text) ? prompt(state, text) : 'output'
  }
  if (first === GREATER) {
    if (text.charCodeAt(1) === GREATER) return pythonPrompt(state, text)
    if (state.before !== 'echo' || !(state.wide || state.continues)) return 'output'
    return text.length === 1 || text.charCodeAt(1) === SPACE ? continuation(state, text) : 'output'
  }
  if (first === COLON && state.dialect === 'mata' && state.before !== 'output') return mataPrompt(state, text)
  if (first === SPACE || (first >= 48 && first <= 57)) {
    if (state.nextNumber > 0 || state.firstNumber > 0) {
      const body = numbered(state, text)
      if (body !== null) return body
    }
    if (first === SPACE && isBlank(text)) return 'blank'
  }
  return 'output'
}

function isBlank(text: string): boolean {
  let at = 1
  while (text.charCodeAt(at) === SPACE) at += 1
  return at === text.length
}

/** May a `. ` here be a prompt? */
function mayPrompt(state: EchoState, text: string): boolean {
  if (state.before === 'output') return state.inline > 0
  // What `display` was told to print is not a command, however much it looks like one.
  if (text.length === 1) return !state.spaced && state.displayed === ''
  return text.length === 2 || !state.displayed.includes(text)
}

function prompt(state: EchoState, text: string): EchoClass {
  // A block whose lines follow its first line at once, unnumbered, echoes them while they run.
  if (state.before === 'echo' && state.opens && state.nextNumber === 0) state.inline += 1
  settleBraces(state)
  const code = text.slice(2)
  const scanned = scanCode(code, 0, true)
  readEnd(state, text, scanned, code)
  if (text.length === 2) state.spaced = true
  if (state.nextNumber > 0 && state.word !== 'input') return 'body'
  state.nextNumber = 0
  state.dialect = 'stata'
  state.firstNumber = 0
  if (scanned.code.trimStart() === '') return 'prompt'
  if (closesBrace(scanned.code)) state.inline = Math.max(0, state.inline - 1)
  startCommand(state, scanned.code, text)
  return 'command'
}

function startCommand(state: EchoState, code: string, text: string): void {
  const { word, rest } = commandWord(code)
  state.word = word
  state.displayed = /^di(?:s(?:p(?:l(?:ay?)?)?)?)?$/.test(word) ? text : ''
  state.firstNumber = 0
  if (word === 'foreach' || word === 'while' || word.startsWith('forv')) state.firstNumber = 2
  else if (word === 'input' || /^pr(?:o(?:g(?:r(?:am?)?)?)?)?$/.test(word)) state.firstNumber = 1
  else if (word.startsWith('#d')) {
    state.delimited = rest.trim().startsWith(';')
    state.continues = false
  } else if (word === 'set' && /^\s+li/.test(rest)) {
    const size = Number(/^\s+li\w*\s+(\d{2,3})\b/.exec(rest)?.[1])
    if (size >= 40 && size <= 255) state.linesize = size
  }
}

/** Notes how an echoed line ends: whether it goes on, and whether it opens a block. */
function readEnd(
  state: EchoState,
  text: string,
  scanned: { code: string; commentDepth: number; continues: boolean },
  source: string,
): void {
  // Wrapped echoes fill the line up to its last or last but one column.
  state.wide = columns(text) >= state.linesize - 2
  state.breaks = scanned.continues || !state.wide
  state.commentDepth = scanned.commentDepth
  const unfinished = state.delimited && source.trim() !== '' && !source.trimEnd().endsWith(';')
  state.continues = scanned.continues || scanned.commentDepth > 0 || unfinished
  state.opens = opensBrace(scanned.code)
}

function continuation(state: EchoState, text: string): EchoClass {
  const code = text.slice(2)
  const scanned = scanCode(code, state.commentDepth, false)
  const delimitedBefore = state.delimited
  readEnd(state, text, scanned, code)
  if (delimitedBefore && code.trim() === '') state.continues = true
  if (state.dialect !== 'stata') {
    state.continues = true
    state.breaks = true
  }
  return 'continuation'
}

/** A line of a loop, a program or `input`: only the number that comes next makes it one. */
function numbered(state: EchoState, text: string): EchoClass | null {
  const expected = state.nextNumber > 0 ? state.nextNumber : state.firstNumber
  if (state.before !== 'echo' && state.word !== 'input') return null
  const label = `${String(expected).padStart(3)}.`
  if (!text.startsWith(label)) return null
  if (text.length > label.length && text.charCodeAt(label.length) !== SPACE) return null
  if (state.nextNumber === 0) {
    state.braces = state.firstNumber === 2 ? 1 : -1
    state.opens = false
  } else settleBraces(state)
  const code = text.slice(label.length + 1)
  const scanned = scanCode(code, 0, true)
  readEnd(state, text, scanned, code)
  if (state.braces > 0 && closesBrace(scanned.code)) state.braces -= 1
  const ended = state.braces === -1 ? /^\s*end\s*;?$/.test(scanned.code) : state.braces === 0 && !state.opens
  state.nextNumber = ended ? 0 : expected + 1
  if (ended) state.firstNumber = 0
  return 'body'
}

/** Counts the brace that the line before opened, now that it is known to be whole. */
function settleBraces(state: EchoState): void {
  if (state.opens && state.nextNumber > 0 && state.braces > 0) state.braces += 1
  state.opens = false
}

/** Two lines that Stata prints below an echo are followed by a prompt at once. */
function endsLikeBlank(state: EchoState, text: string): boolean {
  if (text.startsWith('delimiter now ')) return true
  const match = text.startsWith('---') ? /^-+ (mata|python) \(type end to exit\) -+$/.exec(text) : null
  if (match === null) return false
  state.dialect = match[1] === 'mata' ? 'mata' : 'python'
  return true
}

/** Screen columns, as Stata counts them when it wraps: East Asian characters take two. */
function columns(text: string): number {
  const wide = text.match(/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g)
  return text.length + (wide?.length ?? 0)
}

function mataPrompt(state: EchoState, text: string): EchoClass {
  if (text.length > 1 && text.charCodeAt(1) !== SPACE) return 'output'
  state.continues = true
  state.breaks = true
  state.commentDepth = 0
  state.opens = false
  state.displayed = ''
  const code = text.slice(2).trim()
  if (code === 'end') state.dialect = 'stata'
  return code === '' || code === 'end' ? 'prompt' : 'command'
}

function pythonPrompt(state: EchoState, text: string): EchoClass {
  if (state.dialect !== 'python' || state.before === 'output') return 'output'
  if (text.startsWith('... ') || text === '...') return 'continuation'
  if (!text.startsWith('>>> ') && text !== '>>>') return 'output'
  const code = text.slice(4).trim()
  if (code === 'end') state.dialect = 'stata'
  return code === '' || code === 'end' ? 'prompt' : 'command'
}
