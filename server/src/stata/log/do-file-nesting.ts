import type { CommandWord } from './command-word.ts'

/**
 * Which do-file the log is in. A frame is pushed when a `do` turns out to run (Stata then prints a blank line and goes
 * on with the file's echoes) and popped at `end of do-file`.
 *
 * A log written with `-q` does not show the `do` of the do-file that Stata was started with; its frame is implied by the
 * first echo. Programs and loops that run do-files show no `do` either: `certain` says whether that may have happened.
 */

type Frame = { readonly delimited: boolean; readonly inline: number }

/** JSON-able. */
export type NestingState = {
  frames: Frame[]
  /** A `do` has been echoed and nothing has been printed since. */
  pending: boolean
  /** How much of the wrapper (`cd`, then `do`) has been seen. */
  prelude: 'nothing' | 'outer-do' | 'cd' | 'over'
  /** Depth of the user's do-file; -1 until it is known. */
  userDepth: number
  /** The last command is one that the wrapper has written. */
  inWrapper: boolean
  /** False once do-files may have run, or not run, unseen. */
  certain: boolean
}

/** Stata itself allows 64. */
const MAX_DEPTH = 100

export function startNesting(): NestingState {
  return { frames: [], pending: false, prelude: 'nothing', userDepth: -1, inWrapper: false, certain: true }
}

/** An echo without code: an empty line or a comment of a do-file. */
export function nestPrompt(state: NestingState): void {
  if (state.prelude === 'nothing' || state.prelude === 'cd') beginUserFile(state, state.prelude === 'nothing')
  state.pending = false
}

/**
 * A command. `outer` says that the log itself shows that Stata was told to do a file: text above the first echo, or the
 * trailing blank that Stata gives its own first command.
 */
export function nestCommand(state: NestingState, command: CommandWord, outer: boolean): void {
  const { word, quiet } = command
  state.inWrapper = false
  switch (state.prelude) {
    case 'nothing':
      if (word === 'do' && outer) {
        state.prelude = 'outer-do'
        break
      }
      if (word === 'cd') {
        state.frames.push({ delimited: false, inline: 0 })
        state.prelude = 'cd'
        state.inWrapper = true
      } else beginUserFile(state, true)
      break
    case 'outer-do':
      if (word === 'cd') {
        state.prelude = 'cd'
        state.inWrapper = true
      } else beginUserFile(state, false)
      break
    case 'cd':
      if (word === 'do') {
        state.prelude = 'over'
        state.userDepth = state.frames.length + 1
        state.inWrapper = true
      } else beginUserFile(state, false)
      break
    case 'over':
      break
  }
  state.pending = word === 'do' && !quiet
  if (word === 'include' || (word === 'if' && /\bdo\b/.test(command.rest))) state.certain = false
}

function beginUserFile(state: NestingState, implied: boolean): void {
  if (implied) state.frames.push({ delimited: false, inline: 0 })
  state.prelude = 'over'
  state.userDepth = state.frames.length
}

/** A blank line below the echo of `do`: the file runs. `frame` is what the outer file goes on with. True when pushed. */
export function nestBlank(state: NestingState, frame: Frame): boolean {
  if (!state.pending) return false
  state.pending = false
  if (state.frames.length < MAX_DEPTH) state.frames.push(frame)
  return true
}

/** `end of do-file`: what the outer file goes on with; undefined at the end of the outermost. */
export function nestEnd(state: NestingState): Frame | undefined {
  state.pending = false
  const frame = state.frames.pop()
  if (state.frames.length < state.userDepth) state.certain = false
  return frame
}
