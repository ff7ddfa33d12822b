/** What a command is to the interpreter, and what the interpreter is to a command. */
import type { Frame } from '../macros/frame.ts'
import type { Program, Session } from '../session.ts'

/**
 * How running something ended: go on; `continue` or `break` the innermost loop; `leave` the running do-file or program;
 * `quit` Stata. Errors are thrown.
 */
export type Outcome = 'next' | 'continue' | 'break' | 'leave' | 'quit'

/** What commands that run other commands need of the interpreter. */
export interface Runner {
  /** Runs one command, macros already expanded. */
  execute(text: string, frame: Frame): Outcome
  /** Runs a do-file; `whole` is its argument text, `words` the same cut into words. */
  runDoFile(path: string, whole: string, words: readonly string[]): Outcome
  runProgram(program: Program, whole: string): Outcome
}

export interface Call {
  /** The command's full name. */
  readonly name: string
  /** All that follows the command's name, macros expanded, trimmed. */
  readonly rest: string
  readonly session: Session
  readonly frame: Frame
  readonly runner: Runner
}

export interface Command {
  readonly name: string
  /** The shortest abbreviation Stata takes; left out if it takes none. */
  readonly shortest?: string
  /** Nothing returned means `next`. */
  readonly run: (call: Call) => Outcome | undefined
}
