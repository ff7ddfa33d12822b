import type { LineKind, Progress } from '@tailgate/shared'
import { type NestingState, startNesting } from './do-file-nesting.ts'
import { type EchoState, type LineClass, startEcho } from './echo-state.ts'
import { type OutputBlock, type Paragraph, startBlock } from './output-block.ts'
import { type ReplicationState, startReplications } from './replications.ts'
import { type RunEndState, startRunEnd } from './run-end.ts'
import { type SavedFilesState, startSavedFiles } from './saved-files.ts'
import { type StatementState, startStatements } from './statement-progress.ts'
import { type DirectoryState, startDirectory } from './working-directory.ts'

/** Everything a log parser knows between two lines: plain data, bounded, JSON-able. */

/** The echo of a command, its continuation lines joined. */
export type EchoedCommand = {
  /** Without prompt; cut at MAX_COMMAND_CHARS. */
  readonly text: string
  /** 1-based log line where it begins. */
  readonly line: number
  /** How many do-files are open; 1 is the outermost. */
  readonly depth: number
}

/** The command as a reader would quote it: without the marks that it goes on. */
export function quotable(command: EchoedCommand): EchoedCommand {
  const text = command.text.replace(/\s+\/{3}.*$/, '').trimEnd()
  return text === command.text ? command : { ...command, text }
}

/** The longest command that is kept. */
export const MAX_COMMAND_CHARS = 4_096

/** A line whose kind was learnt only after it had been pushed. */
export type Revision = { readonly line: number; readonly kind: LineKind }

/** Revisions that nobody has taken; older ones are dropped. */
export const MAX_REVISIONS = 64

export type LogState = {
  revision: number
  /** Lines so far, and the number of the last that is not blank. */
  line: number
  lastLine: number
  /** Class of the last line, and of the last echo that is no continuation. */
  last: LineClass | 'error'
  lastEcho: 'command' | 'prompt' | 'body'
  /** The line was cut at a bound: the next piece is the same line. */
  cut: boolean
  /** The latest line of output. */
  above: string
  command: EchoedCommand | null
  /** Output, other than blank lines, has come since. */
  printed: boolean
  /** What a block printed before it echoed on: perhaps the message of an error that is still to be told. */
  held: { paragraph: Paragraph; command: EchoedCommand | null } | null
  /** The body of the last loop, or of a program, does do-files: their echoes may follow without a `do`. */
  nests: 'no' | 'loop' | 'program'
  revisions: Revision[]
  echo: EchoState
  nesting: NestingState
  block: OutputBlock
  end: RunEndState
  statements: StatementState
  replications: ReplicationState
  iteration: Progress['iteration']
  directory: DirectoryState
  saved: SavedFilesState
}

export function startState(workingDir: string | null): LogState {
  return {
    revision: 0,
    line: 0,
    lastLine: 0,
    last: 'blank',
    lastEcho: 'prompt',
    cut: false,
    above: '',
    command: null,
    printed: false,
    held: null,
    nests: 'no',
    revisions: [],
    echo: startEcho(),
    nesting: startNesting(),
    block: startBlock(),
    end: startRunEnd(),
    statements: startStatements(),
    replications: startReplications(),
    iteration: null,
    directory: startDirectory(workingDir),
    saved: startSavedFiles(),
  }
}
