import type { LineKind, Progress } from '@tailgate/shared'
import { closesLog, commandWord, exitCodeOf } from './command-word.ts'
import type { DoFileOutline } from './do-file-outline.ts'
import type { LineClass } from './echo-state.ts'
import { readLine } from './log-line.ts'
import { type EchoedCommand, type LogState, quotable, type Revision, startState } from './log-state.ts'
import type { LogVerdict } from './log-verdict.ts'
import { readReplications } from './replications.ts'
import { verdictOf } from './run-end.ts'
import type { SavedFile } from './saved-files.ts'
import { statementProgress } from './statement-progress.ts'

export type { LogVerdict } from './log-verdict.ts'

/**
 * Reads a Stata log line by line, once, as it is written: what each line is, how far the run is, which files it saved,
 * and how it would have ended if the log stopped here.
 *
 * It never looks back at earlier lines and keeps a bounded state, which can be stored and restored at any line. It
 * decides nothing about the process that wrote the log.
 */

/** The parts of a run's progress that its log shows. */
type LogProgress = Omit<Progress, 'estimate'>

/** The state between two lines, as JSON. */
export type LogParserSnapshot = { readonly version: typeof SNAPSHOT_VERSION; readonly state: LogState }

export type LogParserOptions = {
  /** Where the run starts, for resolving the names of saved files; default unknown. */
  readonly workingDir?: string | null
  /** The do-file's statements, for telling how far it is; default none. */
  readonly source?: DoFileOutline | null
  /** Goes on from here instead of from the beginning; `workingDir` is then ignored, `source` is not part of it. */
  readonly restore?: LogParserSnapshot
}

export interface LogParser {
  /**
   * Reads the next complete line, without its line end, and tells what it is. `cut`: the line was cut at a bound and
   * goes on in the next one. Never throws.
   */
  push(text: string, cut?: boolean): LineKind
  /** Lines whose kind was learnt only later (an error's message, once `r(N);` follows). Taking them empties the list. */
  takeRevisions(): readonly Revision[]
  /** Changes whenever progress or saved files have changed. */
  readonly revision: number
  /** Lines read. */
  readonly lines: number
  /** The last command echoed at the level of do-files, programs and loops being one command. */
  readonly command: EchoedCommand | null
  progress(): LogProgress
  /** Progress with an unfinished last line taken into account; the line is not read for good. */
  partialProgress(text: string): LogProgress
  savedFiles(): readonly SavedFile[]
  /** How the log stands to its end; final once the engine has ended. */
  verdict(): LogVerdict
  snapshot(): LogParserSnapshot
}

const SNAPSHOT_VERSION = 1

const KIND: Readonly<Record<LineClass | 'error', LineKind>> = {
  blank: 'output',
  output: 'output',
  command: 'command',
  prompt: 'command',
  continuation: 'continuation',
  body: 'continuation',
  error: 'error',
}

export function createLogParser(options: LogParserOptions = {}): LogParser {
  const outline = options.source ?? null
  const state =
    options.restore === undefined ? startState(options.workingDir ?? null) : structuredClone(options.restore.state)

  const progress = (replications: LogState['replications']): LogProgress => ({
    statement: statementProgress(state.statements, outline),
    replications: replications.count,
    iteration: state.iteration,
  })

  return {
    push: (text, cut = false) => KIND[readLine(state, outline, text, cut)],
    takeRevisions: () => state.revisions.splice(0),
    get revision() {
      return state.revision
    },
    get lines() {
      return state.line
    },
    get command() {
      return state.command === null ? null : quotable(state.command)
    },
    progress: () => progress(state.replications),
    partialProgress(text) {
      const replications = { ...state.replications }
      readReplications(replications, text, state.above, state.command?.text ?? '')
      return progress(replications)
    },
    savedFiles: () => state.saved.files,
    verdict() {
      const command = state.command === null ? null : quotable(state.command)
      return verdictOf(state.end, {
        command,
        printed: state.printed,
        closesLog: command !== null && closesLog(commandWord(command.text)),
        exitCode: command === null ? null : exitCodeOf(command.text),
        open: state.nesting.frames.length,
        lastLine: state.lastLine,
      })
    },
    snapshot: () => ({ version: SNAPSHOT_VERSION, state: structuredClone(state) }),
  }
}

/** A stored snapshot, or null when it is not one of this version: then the log must be read from its beginning. */
export function parseLogParserSnapshot(json: unknown): LogParserSnapshot | null {
  if (typeof json !== 'object' || json === null || !('version' in json) || !('state' in json)) return null
  if (json.version !== SNAPSHOT_VERSION || typeof json.state !== 'object' || json.state === null) return null
  // What carries our version was written by `snapshot`.
  return json as LogParserSnapshot
}
