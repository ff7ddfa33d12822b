import { err, ok, type Result } from '@tailgate/shared'
import { isAbsolutePath, type Platform, pathsOf } from './platform.ts'

/**
 * The do-file that Stata is started with. It changes to the working directory and does the user's file, as a user
 * would at the prompt; the user's code is neither read nor rewritten.
 *
 * What is written here must mean to Stata exactly what the caller said. Stata has no escape for some characters, so
 * whatever cannot be quoted for certain is refused instead of being passed on changed:
 *
 *   ` and $       Stata expands them, in quotes too, and again at each use of the macro that holds an argument
 *   control       a line end would begin another command
 *   "'            ends a compound quote wherever it stands
 *   no extension  Stata adds `.do` and would do another file
 */

/**
 * Name of the wrapper in a run's own directory. Plain ASCII without blanks: Stata derives the log's name from it, and
 * has been seen to cut or garble others.
 */
export const WRAPPER_NAME = 'run.do'

/** The longest command, in bytes: below the smallest limit that any edition has on commands and macros (165,200). */
export const MAX_COMMAND_BYTES = 160_000

/** Which parameter cannot be passed to Stata, why, and what to do about it. */
export type WrapperRefusal = { readonly parameter: 'file' | 'workingDir' | 'args'; readonly message: string }

export type WrapperOptions = {
  /** Absolute path of the user's do-file. */
  readonly file: string
  /** Absolute path of the directory it runs in. */
  readonly workingDir: string
  /** Its macros `1', `2', … */
  readonly args: readonly string[]
  readonly platform: Platform
}

/** The text of the wrapper, or why there cannot be one. */
export function wrapperDoFile({ file, workingDir, args, platform }: WrapperOptions): Result<string, WrapperRefusal> {
  const filePath = stataPath(file, platform)
  if (!filePath.ok) return err({ parameter: 'file', message: `The do-file's path ${filePath.error}` })
  const extension = pathsOf(platform).extname(file)
  if (extension === '' || extension === '.') {
    const message = `The do-file's name has no extension; Stata would look for "${file}.do". Rename it to end in .do.`
    return err({ parameter: 'file', message })
  }
  const directory = stataPath(workingDir, platform)
  if (!directory.ok) return err({ parameter: 'workingDir', message: `The working directory's path ${directory.error}` })

  const words: string[] = []
  for (const [index, arg] of args.entries()) {
    const word = argumentWord(arg)
    if (!word.ok) return err({ parameter: 'args', message: `Argument ${index + 1} ${word.error}` })
    words.push(word.value)
  }
  const command = ['do', filePath.value, ...words].join(' ')
  const bytes = new TextEncoder().encode(command).length
  if (bytes > MAX_COMMAND_BYTES) {
    const message = `The arguments make a command of ${bytes} bytes; Stata takes ${MAX_COMMAND_BYTES}. Pass the name of a file that holds them.`
    return err({ parameter: 'args', message })
  }
  return ok(`cd ${directory.value}\n${command}\n`)
}

/** A path in compound quotes, with forward slashes. */
function stataPath(file: string, platform: Platform): Result<string, string> {
  if (!isAbsolutePath(file, platform)) {
    return err('is not a full path; "~" and relative paths are not expanded. Give the full path.')
  }
  if (platform !== 'win32' && file.includes('\\')) {
    return err('contains a backslash, which Stata may read as a slash. Rename it.')
  }
  const problem = unquotable(file)
  if (problem !== null) return err(`${problem}. Rename it, or make a link to it under another name.`)
  const quoted = compoundQuoted(platform === 'win32' ? file.replaceAll('\\', '/') : file)
  return quoted === null ? err(`${EARLY_END}. Rename it, or make a link to it under another name.`) : ok(quoted)
}

/** Words that need no quotes get none, so that the macro `0' reads as it would had they been typed. */
const PLAIN = /^[A-Za-z0-9_.-]+$/

function argumentWord(arg: string): Result<string, string> {
  const problem = unquotable(arg)
  if (problem !== null) return err(`${problem}. Leave it out, or pass the text in a file.`)
  if (PLAIN.test(arg)) return ok(arg)
  if (!arg.includes('"')) return ok(`"${arg}"`)
  const quoted = compoundQuoted(arg)
  return quoted === null ? err(`${EARLY_END}. Leave it out, or pass the text in a file.`) : ok(quoted)
}

const EARLY_END = `contains a double quote before a single quote ("'), which ends a quotation in Stata`

/** In `" and "', or null when something inside would end the quotation early. */
function compoundQuoted(text: string): string | null {
  const quoted = `\`"${text}"'`
  return quoted.indexOf(`"'`) === quoted.length - 2 ? quoted : null
}

/** Why no kind of quotes carries a text through Stata unchanged; null when some do. */
function unquotable(text: string): string | null {
  if (text.includes('`')) return 'contains a backtick (`), which begins a macro in Stata'
  if (text.includes('$')) return 'contains a dollar sign ($), which begins a global macro in Stata'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) return 'contains a control character (a line end or a tab, say)'
  if (!text.isWellFormed()) return 'is not valid Unicode (it has half of a surrogate pair)'
  return null
}
