import { type CodeLine, closesBrace, opensBrace, scanCode } from './code-line.ts'
import { commandWord } from './command-word.ts'
import { endsLikeBlank, mataPrompt, pythonPrompt } from './dialect-prompts.ts'
import { afterEcho, type EchoState, fills, type LineClass, MIN_WRAPPED_COLUMNS } from './echo-state.ts'

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

const DOT = 46
const GREATER = 62
const COLON = 58
const SPACE = 32
const ZERO = 48
const NINE = 57

/** Classifies the next line and moves the state on. `text` is a clean line. */
export function readEcho(state: EchoState, text: string): LineClass {
  const kind = classify(state, text)
  if (kind === 'output' || kind === 'blank') {
    if (state.nextNumber > 0 && state.word !== 'input') state.nextNumber = 0
    state.opens = false
    state.before = kind === 'output' && state.before !== 'output' && endsLikeBlank(state, text) ? 'blank' : kind
  } else if (kind !== 'continuation') {
    state.before = kind
  }
  return kind
}

function classify(state: EchoState, text: string): LineClass {
  const first = text.charCodeAt(0)
  if (Number.isNaN(first)) return 'blank'
  if (first === DOT) {
    if (text.length > 1 && text.charCodeAt(1) !== SPACE) return pythonPrompt(state, text)
    return mayPrompt(state, text) ? prompt(state, text) : 'output'
  }
  if (first === GREATER) {
    if (text.charCodeAt(1) === GREATER) return pythonPrompt(state, text)
    if (!afterEcho(state) || !(state.wide || state.continues)) return 'output'
    return text.length === 1 || text.charCodeAt(1) === SPACE ? continuation(state, text) : 'output'
  }
  if (first === COLON && state.dialect === 'mata' && state.before !== 'output') return mataPrompt(state, text)
  if (first === SPACE || (first >= ZERO && first <= NINE)) {
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
  if (state.nextNumber > 0 && state.before !== 'blank') return true
  if (state.before === 'output' || state.before === 'body') return state.inline > 0
  // Without its trailing blank an empty prompt is rare, and a missing value is not.
  if (text.length === 1) return !state.spaced && (state.before !== 'command' || state.inline > 0)
  // What `display` was told to print is not a command, however much it looks like one.
  return text.length === 2 || !state.displayed.includes(text)
}

function prompt(state: EchoState, text: string): LineClass {
  // A block whose lines follow its first line at once, unnumbered, echoes them while they run.
  if (state.before === 'command' && state.opens && state.nextNumber === 0) state.inline += 1
  settleBraces(state)
  const code = text.slice(2)
  const scanned = scanCode(code, 0, true)
  readEnd(state, text, scanned, code)
  state.starred = code.trimStart().startsWith('*')
  if (text.length === 2) state.spaced = true
  if (state.nextNumber > 0 && state.word !== 'input') {
    if (endsBody(state, scanned.code)) endBody(state)
    return 'body'
  }
  state.nextNumber = 0
  state.dialect = 'stata'
  state.firstNumber = 0
  if (closesBrace(scanned.code)) state.inline = Math.max(0, state.inline - 1)
  if (NO_COMMAND.test(scanned.code)) return 'prompt'
  startCommand(state, scanned.code, text)
  return 'command'
}

/** An empty line, a comment, or the end of a block. */
const NO_COMMAND = /^\s*\}?\s*;?$/

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
function readEnd(state: EchoState, text: string, scanned: CodeLine, source: string): void {
  // Wrapped echoes fill the line up to its last or last but one column.
  const full = fills(text, state.linesize - 2)
  const unfinished = state.delimited && source.trim() !== '' && !source.trimEnd().endsWith(';')
  state.wide = full || fills(text, Math.min(MIN_WRAPPED_COLUMNS, state.linesize - 2))
  state.continues = scanned.continues || scanned.commentDepth > 0 || unfinished
  state.breaks = scanned.continues || (state.continues && !full)
  state.commentDepth = scanned.commentDepth
  state.tail = state.wide ? source.slice(-3) : ''
  state.opens = opensBrace(scanned.code)
}

const CONTINUES = /(?:^|\s)\/\/\/\s*$/

function continuation(state: EchoState, text: string): LineClass {
  const { before, breaks, starred, tail } = state
  const code = text.slice(2)
  const scanned = scanCode(code, state.commentDepth, false)
  // A wrap may fall inside quotes, which hides a `///` from the scan, or inside the `///` itself.
  const continues = scanned.continues || CONTINUES.test(tail + code)
  readEnd(state, text, { ...scanned, continues }, code)
  if (state.delimited && code.trim() === '') state.continues = true
  if (state.dialect === 'mata') {
    state.continues = true
    state.breaks = true
  }
  // Below comments and empty lines, the first code of a statement may stand in a continuation.
  const begins = before === 'prompt' && breaks && !starred && state.dialect === 'stata'
  if (!begins || NO_COMMAND.test(scanned.code)) return 'continuation'
  startCommand(state, scanned.code, text)
  return 'command'
}

/** A line of a loop, a program or `input`: only the number that comes next makes it one. */
function numbered(state: EchoState, text: string): LineClass | null {
  const expected = state.nextNumber > 0 ? state.nextNumber : state.firstNumber
  if (!afterEcho(state) && state.word !== 'input') return null
  const code = bodyCode(text, expected)
  if (code === null) return null
  if (state.nextNumber === 0) {
    state.braces = state.firstNumber === 2 ? 1 : -1
    state.opens = false
  } else settleBraces(state)
  const scanned = scanCode(code, 0, true)
  readEnd(state, text, scanned, code)
  state.nextNumber = expected + 1
  if (endsBody(state, scanned.code)) endBody(state)
  return 'body'
}

/** What follows `%3.0f. ` with the expected number; null for any other line. */
function bodyCode(text: string, expected: number): string | null {
  let at = 0
  while (text.charCodeAt(at) === SPACE) at += 1
  let number = 0
  const digits = at
  for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE && at < 9; code = text.charCodeAt(at)) {
    number = 10 * number + code - ZERO
    at += 1
  }
  if (number !== expected || text.charCodeAt(at) !== DOT || (at !== 3 && !(digits === 0 && at > 3))) return null
  if (text.length > at + 1 && text.charCodeAt(at + 1) !== SPACE) return null
  return text.slice(at + 2)
}

/** Counts a closing brace; true for the line that ends the loop, the program or `input`. */
function endsBody(state: EchoState, code: string): boolean {
  if (state.braces === -1) return code.includes('end') && /^\s*end\s*;?$/.test(code)
  if (closesBrace(code)) state.braces -= 1
  return state.braces === 0 && !state.opens
}

function endBody(state: EchoState): void {
  state.nextNumber = 0
  state.firstNumber = 0
}

/** Counts the brace that the line before opened, now that it is known to be whole. */
function settleBraces(state: EchoState): void {
  if (state.opens && state.nextNumber > 0 && state.braces > 0) state.braces += 1
  state.opens = false
}
