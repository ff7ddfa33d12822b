import { resolveInLog } from './log-path.ts'
import { type SavedFileKind, type SavedFileMessage, savedFile, savedFileMessage } from './saved-file-messages.ts'

/**
 * Collects the files that the log says were written. A long message is wrapped: with four blanks between words, with
 * `> ` inside one; the pieces are put together again before they are read.
 */

export type SavedFile = {
  /** Absolute when the working directory of the moment is known, else as printed. */
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
  const first = text.charCodeAt(0)
  if (state.pieces > 0) {
    if (text.startsWith('    ') || first === 62) return continueMessage(state, text, workingDir)
    state.pieces = 0
  }
  switch (first) {
    case 32: // blank
      return readLogHeader(state, text, line, workingDir)
    case 40: // (
    case 70: // F
    case 102: // f
      return beginMessage(state, text, line, workingDir)
    case 100: // d
      return text === 'dir : seeout' && add(state, savedFile(above, 'table'), line - 1, workingDir)
    default:
      return mayTell(text) && add(state, savedFileMessage(text), line, workingDir)
  }
}

/** Messages that begin with a word of their own; cheap to rule out. */
function mayTell(text: string): boolean {
  const first = text.charCodeAt(0) | 32
  if (first === 99 || first === 114 || first === 115 || first === 116 || first === 111) {
    return /^(?:click to open|success|saved |table|output |results? )/i.test(text) || text.includes(' saved ')
  }
  return false
}

function beginMessage(state: SavedFilesState, text: string, line: number, workingDir: string | null): boolean {
  if (!/^\(?(?:file|output written|collection|table|results?|output)\b/i.test(text)) return false
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
  if (message === null || state.files.length >= MAX_SAVED_FILES) return false
  const path = resolveInLog(workingDir, message.path)
  if (state.files.some((file) => file.path === path)) return false
  state.files.push({ path, kind: message.kind, logLine })
  return true
}
