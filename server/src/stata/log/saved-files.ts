import { isAbsoluteInLog, resolveInLog } from './log-path.ts'
import { type SavedFileKind, type SavedFileMessage, savedFile, savedFileMessage } from './saved-file-messages.ts'

/**
 * Collects the files that the log says were written. A long message is wrapped: with four blanks between words, with
 * `> ` inside one; the pieces are put together again before they are read.
 */

export type SavedFile = {
  /** Absolute. Files whose directory is not known are left out. */
  readonly path: string
  readonly kind: SavedFileKind
  /** 1-based number of the line that says so. */
  readonly logLine: number
}

/** The most files that are remembered of one run. */
export const MAX_SAVED_FILES = 1_000

/** A wrapped message has at most this many lines. */
const MAX_WRAPPED_LINES = 8

/** JSON-able. */
export type SavedFilesState = {
  files: SavedFile[]
  /** A message that may go on in the next line, its first line's number, and how many lines it has. */
  message: string
  messageLine: number
  pieces: number
  /** Path of a log that a `log using` header names. */
  log: string
}

export function startSavedFiles(): SavedFilesState {
  return { files: [], message: '', messageLine: 0, pieces: 0, log: '' }
}

/** Reads a line of output. `above` is the one before it. True when there is another file. */
export function readSavedFile(
  state: SavedFilesState,
  text: string,
  line: number,
  above: string,
  workingDir: string | null,
): boolean {
  if (state.files.length >= MAX_SAVED_FILES) return false
  const first = text.charCodeAt(0)
  if (state.pieces > 0) {
    if (text.startsWith('    ') || first === 62) return continueMessage(state, text, workingDir)
    state.pieces = 0
  }
  if (first === BLANK) return readLogHeader(state, text, line, workingDir)
  if (text === 'dir : seeout') return add(state, savedFile(above, 'table'), line - 1, workingDir)
  return FIRST_LETTERS.includes(text.charAt(0)) && beginMessage(state, text, line, workingDir)
}

const BLANK = 32

/** Cheap to look at before anything else: the messages begin with few letters. */
const FIRST_LETTERS = '(fFoOcCtTrRsSgG'

const BEGINNING =
  /^\(?(?:file|output|collection|tables?|results?|successfully|saved|click to open|graph)\b|^\S.{0,40} saved (?:to|in|as) /i

function beginMessage(state: SavedFilesState, text: string, line: number, workingDir: string | null): boolean {
  if (!BEGINNING.test(text)) return false
  state.message = text
  state.messageLine = line
  state.pieces = 1
  return tell(state, workingDir)
}

function continueMessage(state: SavedFilesState, text: string, workingDir: string | null): boolean {
  state.pieces = state.pieces < MAX_WRAPPED_LINES ? state.pieces + 1 : 0
  if (state.pieces === 0) return false
  const inside = /^(?: {4})?> /.exec(text)
  state.message += inside === null ? ` ${text.trimStart()}` : text.slice(inside[0].length)
  return tell(state, workingDir)
}

function tell(state: SavedFilesState, workingDir: string | null): boolean {
  const message = savedFileMessage(state.message)
  if (message === null) return false
  // `file x saved` may be the beginning of `file x saved as .dta format`: the same file, so nothing is lost.
  state.pieces = 0
  return add(state, message, state.messageLine, workingDir)
}

/** The header of `log using`: name, log, log type, `opened on`. */
function readLogHeader(state: SavedFilesState, text: string, line: number, workingDir: string | null): boolean {
  if (text.startsWith('       log:  ')) {
    state.log = text.slice(13)
    return false
  }
  if (state.log === '') return false
  const path = state.log
  if (text.startsWith('  log type:')) return false
  state.log = ''
  return text.startsWith(' opened on:') && add(state, savedFile(path, 'log'), line, workingDir)
}

/** A wrapped path of a log header, told apart from a new line of the header by its `> `. */
export function continueLogPath(state: SavedFilesState, text: string): boolean {
  if (state.log === '' || !text.startsWith('> ')) return false
  state.log += text.slice(2)
  return true
}

function add(
  state: SavedFilesState,
  message: SavedFileMessage | null,
  logLine: number,
  workingDir: string | null,
): boolean {
  if (message === null) return false
  const path = resolveInLog(workingDir, message.path)
  if (!isAbsoluteInLog(path) || state.files.some((file) => file.path === path)) return false
  state.files.push({ path, kind: message.kind, logLine })
  return true
}
