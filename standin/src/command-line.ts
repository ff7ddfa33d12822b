/**
 * The command line of console Stata in batch mode, `-b [-q] [do] file [arguments]`. Pure.
 *
 * Only batch mode with a text log is here: without -b (or -e) Stata is a console for people, and -s asks for an SMCL log.
 */
export type CommandLine =
  | { readonly kind: 'batch'; readonly isQuiet: boolean; readonly command: string; readonly logName: string }
  | { readonly kind: 'refused'; readonly message: string }

const BATCH_FLAGS = new Set(['-b', '-e', '/b', '/e'])
const QUIET_FLAGS = new Set(['-q', '/q'])

export function parseCommandLine(args: readonly string[], isCommand: (word: string) => boolean): CommandLine {
  let isBatch = false
  let isQuiet = false
  let next = 0
  for (; next < args.length; next++) {
    const flag = args[next] ?? ''
    if (BATCH_FLAGS.has(flag)) isBatch = true
    else if (QUIET_FLAGS.has(flag)) isQuiet = true
    else if (flag === '-s' || flag === '/s') return refused('-s (batch mode with an SMCL log) is not supported; use -b')
    else if (flag.startsWith('-') && flag.length === 2) return refused(`unknown flag ${flag}; use -b [-q] do file.do`)
    else break
  }
  if (!isBatch) return refused('only batch mode is supported; use -b [-q] do file.do')
  return { kind: 'batch', isQuiet, ...interpret(args.slice(next), isCommand) }
}

function refused(message: string): CommandLine {
  return { kind: 'refused', message }
}

function interpret(
  words: readonly string[],
  isCommand: (word: string) => boolean,
): { command: string; logName: string } {
  const [first, second] = words
  if (first === undefined) return { command: '', logName: 'stata.log' }
  if ((first === 'do' || first === 'run') && second !== undefined) {
    return { command: words.map(quoted).join(' '), logName: logNameFor(second) }
  }
  if (isCommand(first)) return { command: words.map(quoted).join(' '), logName: 'stata.log' }
  return { command: ['do', ...words].map(quoted).join(' '), logName: logNameFor(first) }
}

/** Stata's rule: the do-file's last path component, `.do` replaced by `.log`. */
function logNameFor(path: string): string {
  const base = path.replace(/^.*[\\/]/, '')
  return `${base.replace(/\.do$/, '')}.log`
}

/** A word with blanks needs quotes to stay one word; one with its own quotes needs compound ones. */
function quoted(word: string): string {
  if (word !== '' && !/[\s"]/.test(word)) return word
  return word.includes('"') ? `\`"${word}"'` : `"${word}"`
}
