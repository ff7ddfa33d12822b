import { closesLog, commandWord, exitCodeOf } from './command-word.ts'
import { nestBlank, nestCommand, nestEnd, nestPrompt } from './do-file-nesting.ts'
import type { DoFileOutline } from './do-file-outline.ts'
import { readEcho } from './echo-reader.ts'
import { type LineClass, resumeEcho } from './echo-state.ts'
import { errorMessage } from './error-message.ts'
import { readIteration } from './iteration.ts'
import { cleanLine } from './line-text.ts'
import { type LogState, MAX_COMMAND_CHARS, MAX_REVISIONS, quotable } from './log-state.ts'
import { addOutput, clearBlock, endParagraph, lastParagraph } from './output-block.ts'
import { forgetReplications, readReplications } from './replications.ts'
import { continueWithEcho, continueWithOutput, endDoFile, endWithError } from './run-end.ts'
import { continueLogPath, readSavedFile } from './saved-files.ts'
import { matchStatement } from './statement-progress.ts'
import { directoryCommand, directoryInBody, directoryOutput } from './working-directory.ts'

/**
 * One line of the log: first what it is (echo-reader), then what it means to everything that follows the log. Most
 * lines are plain output, so that path looks at first characters before it tries anything else.
 */

/** `r(111);`, with the time that `set rmsg on` adds. */
const RETURN_CODE = /^r\((\d{1,9})\);(?: t=.*)?\s*$/

const LETTER_E = 101
const LETTER_R = 114
const DASH = 45

/** Reads a line into the state. */
export function readLine(
  state: LogState,
  outline: DoFileOutline | null,
  line: string,
  cut: boolean,
): LineClass | 'error' {
  state.line += 1
  const text = cleanLine(line)
  if (state.cut) {
    state.cut = cut
    return readPiece(state, text)
  }
  state.cut = cut
  const began = state.lastLine > 0
  const breaks = state.echo.breaks
  const before = state.echo.before
  const inline = state.echo.inline
  const kind = readEcho(state.echo, text)
  if (kind !== 'blank') state.lastLine = state.line
  switch (kind) {
    case 'output':
      state.last = readOutput(state, text)
      return state.last
    case 'blank':
      readBlank(state)
      break
    case 'command':
    case 'prompt':
      holdOutput(state, before === 'output' && inline > 0)
      if (kind === 'command') readCommand(state, outline, text, { began, within: inline > 0 })
      else readPrompt(state, inline > 0)
      state.lastEcho = kind
      break
    case 'body':
      readBody(state, text)
      state.lastEcho = kind
      break
    case 'continuation':
      if (state.lastEcho === 'command') extendCommand(state, text.slice(2), breaks)
      break
  }
  state.last = kind
  return kind
}

/** The rest of a line that was cut: it counts as a line, and means nothing. */
function readPiece(state: LogState, text: string): LineClass | 'error' {
  if (state.last === 'output') addOutput(state.block, text, state.line)
  if (state.last === 'command' || state.last === 'prompt') return 'continuation'
  return state.last
}

function readBlank(state: LogState): void {
  endParagraph(state.block)
  state.held = null
  if (nestBlank(state.nesting, { delimited: state.echo.delimited, inline: state.echo.inline })) {
    resumeEcho(state.echo, false, 0)
  }
}

/** `within`: a block echoes its lines, whether they run or an error has stopped it. */
function readPrompt(state: LogState, within: boolean): void {
  nestPrompt(state.nesting)
  if (!within) continueWithEcho(state.end, state.nesting.frames.length === 0, true)
}

/**
 * `began`: the log had shown something before its first echo. `within`: the line belongs to a block that echoes; when an
 * error has stopped the block, the rest of its lines are echoed all the same.
 */
function readCommand(
  state: LogState,
  outline: DoFileOutline | null,
  text: string,
  { began, within }: { readonly began: boolean; readonly within: boolean },
): void {
  // A wrap may fall on a blank: what will be joined keeps its end.
  const echoed = text.slice(text.indexOf(' ') + 1)
  const whole = (text.startsWith('>') ? echoed.replace(/^.*?\*\//, '') : echoed).trimStart()
  const code = whole.trimEnd()
  const { echo, nesting, end } = state
  if (echo.dialect === 'stata') {
    const command = commandWord(code)
    const closes = exitCodeOf(code) !== null || closesLog(command)
    if (!within) continueWithEcho(end, nesting.frames.length === 0, closes)
    nestCommand(nesting, command, began || text.endsWith(' '))
    directoryCommand(state.directory, command)
    followStatement(state, outline, code)
  } else {
    if (!within) continueWithEcho(end, nesting.frames.length === 0, false)
    nesting.pending = false
  }
  state.command = {
    text: (echo.wide ? whole : code).slice(0, MAX_COMMAND_CHARS),
    line: state.line,
    depth: nesting.frames.length,
  }
  state.printed = false
  state.above = ''
  if (state.iteration !== null) {
    state.iteration = null
    state.revision += 1
  }
  if (forgetReplications(state.replications)) state.revision += 1
}

/** Only echoes of the user's own do-file, outside its blocks, are its statements. */
function followStatement(state: LogState, outline: DoFileOutline | null, code: string): void {
  const { nesting, echo } = state
  if (outline === null || nesting.inWrapper || echo.inline > 0) return
  const here = nesting.frames.length === nesting.userDepth
  if (!here && nesting.certain) return
  const strict = !here || state.nests !== 'no'
  if (!matchStatement(state.statements, outline, { code, line: state.line, wide: echo.wide, strict })) return
  if (state.nests === 'loop') state.nests = 'no'
  state.revision += 1
}

/** `breaks`: the source line ended where the echo did; otherwise Stata wrapped it, anywhere. */
function extendCommand(state: LogState, piece: string, breaks: boolean): void {
  const { command } = state
  if (command === null || command.text.length >= MAX_COMMAND_CHARS) return
  const text = breaks ? `${command.text.replace(/(?:^|\s+)\/{3}.*$/, '')} ${piece.trim()}` : command.text + piece
  state.command = { ...command, text: (state.echo.wide ? text : text.trimEnd()).slice(0, MAX_COMMAND_CHARS) }
}

function readBody(state: LogState, text: string): void {
  if (!text.includes('do ') && !text.includes('cd ')) return
  const command = commandWord(text.replace(/^\s*\d*\.\s*/, ''))
  if (state.echo.braces >= 0) directoryInBody(state.directory, command)
  if (command.word === 'do' && state.nests !== 'program') state.nests = state.echo.braces === -1 ? 'program' : 'loop'
}

/** An echo ends what was printed before it, except where a block echoes while it runs. */
function holdOutput(state: LogState, within: boolean): void {
  if (within) state.held = { paragraph: lastParagraph(state.block), command: state.command }
  clearBlock(state.block)
}

function readOutput(state: LogState, text: string): LineClass | 'error' {
  const first = text.charCodeAt(0)
  if (first === LETTER_R && text.charCodeAt(1) === 40) {
    const rc = RETURN_CODE.exec(text)?.[1]
    if (rc !== undefined && !state.echo.displayed.includes(`r(${rc})`)) return readReturnCode(state, Number(rc))
  } else if (first === LETTER_R && text.startsWith('r; t=')) {
    return 'output'
  } else if (first === LETTER_E && text === 'end of do-file' && !state.echo.displayed.includes(text)) {
    const outer = nestEnd(state.nesting)
    resumeEcho(state.echo, outer?.delimited ?? false, outer?.inline ?? 0)
    endDoFile(state.end, state.line)
    clearBlock(state.block)
    return 'output'
  } else if (first === DASH && text === '--Break--') {
    addOutput(state.block, text, state.line)
    return 'error'
  }
  readPlainOutput(state, text)
  return 'output'
}

function readPlainOutput(state: LogState, text: string): void {
  state.printed = true
  state.held = null
  state.nesting.pending = false
  continueWithOutput(state.end)
  addOutput(state.block, text, state.line)

  const { above, directory, saved } = state
  state.above = text
  if (directory.expected !== 'no') directoryOutput(directory, text, text.length >= state.echo.linesize - 2)
  const iteration = readIteration(text)
  if (iteration !== null) {
    state.iteration = iteration
    state.revision += 1
    return
  }
  if (continueLogPath(saved, text)) return
  if (
    readReplications(state.replications, text, above, state.command?.text ?? '') ||
    readSavedFile(saved, text, state.line, above, directory.current)
  ) {
    state.revision += 1
  }
}

function readReturnCode(state: LogState, rc: number): LineClass | 'error' {
  endWithError(state.end, state.line, () => {
    const held = state.block.count === 0 ? state.held : null
    const paragraph = held?.paragraph ?? lastParagraph(state.block)
    const command = held === null ? state.command : held.command
    const message = errorMessage(rc, paragraph.lines, paragraph.truncated)
    for (let at = message.from; at < message.to; at += 1) {
      state.revisions.push({ line: paragraph.firstLine + at, kind: 'error' })
    }
    state.revisions.splice(0, state.revisions.length - MAX_REVISIONS)
    return { rc, message: message.text, command: command === null ? null : quotable(command) }
  })
  state.held = null
  clearBlock(state.block)
  return 'error'
}
