import type { CommandWord } from './command-word.ts'
import { isAbsoluteInLog, resolveInLog } from './log-path.ts'

/**
 * The working directory of the moment. `cd` and `pwd` print it below their echo; a quiet `cd` prints nothing and is
 * followed by its argument, unless that has macros.
 */

/** JSON-able. */
export type DirectoryState = {
  /** Null when it is not known. */
  current: string | null
  /** The next line of output tells it (`yes`) or goes on telling it (`rest`); any line may, in a loop with a `cd`. */
  expected: 'no' | 'yes' | 'rest' | 'any'
}

/** Longer than PATH_MAX; what is longer is no path. */
const MAX_DIRECTORY_CHARS = 8_192

export function startDirectory(workingDir: string | null): DirectoryState {
  return { current: workingDir, expected: 'no' }
}

export function directoryCommand(state: DirectoryState, { word, rest, quiet }: CommandWord): void {
  state.expected = 'no'
  if (word !== 'cd' && word !== 'chdir' && word !== 'pwd') return
  if (!quiet) state.expected = 'yes'
  else if (word !== 'pwd') state.current = directoryOf(state.current, rest)
}

function directoryOf(current: string | null, argument: string): string | null {
  const path = argument.trim().replace(/^(?:`"(.*)"'|"(.*)")$/, '$1$2')
  if (path === '') return current
  if (path.startsWith('~') || path.includes('`') || path.includes('$')) return null
  const resolved = resolveInLog(current, path)
  return isAbsoluteInLog(resolved) ? resolved : null
}

/** A `cd` in the body of a loop: each round prints a directory. */
export function directoryInBody(state: DirectoryState, { word, quiet }: CommandWord): void {
  if ((word === 'cd' || word === 'chdir') && !quiet) state.expected = 'any'
}

/** A line of output below the echo of `cd` or `pwd`. `wide`: it fills the line, so it may go on in the next. */
export function directoryOutput(state: DirectoryState, text: string, wide: boolean): void {
  if (state.expected !== 'rest' && isAbsoluteInLog(text)) {
    state.current = text
    if (state.expected === 'yes') state.expected = wide ? 'rest' : 'no'
    return
  }
  if (state.expected === 'any') return
  if (state.expected === 'rest' && text.startsWith('> ') && (state.current?.length ?? 0) < MAX_DIRECTORY_CHARS) {
    state.current += text.slice(2)
    if (wide) return
  }
  state.expected = 'no'
}
