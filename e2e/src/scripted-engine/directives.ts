/**
 * What a do-file tells the scripted engine to do: comment lines of the form `* engine: NAME REST`, obeyed in order.
 * To Stata and to the stand-in they are comments.
 *
 * Relative paths are taken from the run's working directory. Every other line is ignored, except `display "TEXT"`.
 */

export type Directive =
  /** `print TEXT`: one line of log. `display "TEXT"` does the same, with the c() values of a Stata filled in. */
  | { readonly name: 'print'; readonly text: string }
  /** `partial TEXT`: log without a line end. */
  | { readonly name: 'partial'; readonly text: string }
  /** `bytes HEX`: log, byte by byte. */
  | { readonly name: 'bytes'; readonly bytes: Buffer }
  /** `burst COUNT`: so many lines, `line 1` and on, in writes of 64 KiB. */
  | { readonly name: 'burst'; readonly count: number }
  /** `flushed COUNT`: so many lines, `line 1` and on, each in a write of its own, as fast as that goes. */
  | { readonly name: 'flushed'; readonly count: number }
  /** `canary COUNT SEED PACE`: so many numbered lines in chunks that split characters, PACE of them a second. */
  | { readonly name: 'canary'; readonly count: number; readonly seed: number; readonly linesPerSecond: number }
  /** `echo COMMAND`: a command line as Stata echoes it. */
  | { readonly name: 'echo'; readonly text: string }
  /** `print-args`: each argument on a line, as JSON. */
  | { readonly name: 'print-args' }
  /** `print-env NAME`: the variable as JSON, `null` when it is not set. */
  | { readonly name: 'print-env'; readonly variable: string }
  /** `sleep MS`. */
  | { readonly name: 'sleep'; readonly ms: number }
  /** `clock COUNT MS`: so many lines, one every MS, each with the time at which it was written (since 1970, ms). */
  | { readonly name: 'clock'; readonly count: number; readonly everyMs: number }
  /** `wait-for FILE`: goes on once the file is there. */
  | { readonly name: 'wait-for'; readonly file: string }
  /** `touch FILE`: tells the test that the engine has come this far; the file holds the engine's process id. */
  | { readonly name: 'touch'; readonly file: string }
  /** `append-pid FILE`: adds a line with the engine's process id. */
  | { readonly name: 'append-pid'; readonly file: string }
  /** `hang`: never goes on. */
  | { readonly name: 'hang' }
  /** `error RC MESSAGE`: ends as Stata does at an error, with exit status 0. */
  | { readonly name: 'error'; readonly rc: number; readonly message: string }
  /** `exit STATUS`: the process ends here, with nothing more in the log. */
  | { readonly name: 'exit'; readonly status: number }
  /** `crash SIGNAL`: the process dies of it. */
  | { readonly name: 'crash'; readonly signal: string }
  /** `ignore-signals`: SIGTERM, SIGINT and SIGHUP do nothing from here on. */
  | { readonly name: 'ignore-signals' }
  /** `fork-child FILE`: a child in the same process group that ignores SIGTERM (and notes that in FILE.ignored); its process id is in the file. */
  | { readonly name: 'fork-child'; readonly file: string }
  /** `fork-daemon FILE`: the same in a session of its own. */
  | { readonly name: 'fork-daemon'; readonly file: string }
  /** `no-log`, anywhere in the file: there is no log at all, as without a licence. */
  | { readonly name: 'no-log' }
  /** `stdout TEXT`, `stderr TEXT`: a line beside the log. */
  | { readonly name: 'stdout'; readonly text: string }
  | { readonly name: 'stderr'; readonly text: string }
  /** `append-log`: from here on the log is written at its end, wherever that is by then. */
  | { readonly name: 'append-log' }
  /** `truncate-log`, `replace-log`, `delete-log`: the log is emptied; begun anew as another file; removed. */
  | { readonly name: 'truncate-log' }
  | { readonly name: 'replace-log' }
  | { readonly name: 'delete-log' }

const DIRECTIVE = /^\* engine: ([a-z-]+) ?(.*)$/
const DISPLAY = /^display "([^"]*)"$/

/** The directives of a do-file. A misspelt one is a defect of the test: it throws. */
export function parseDirectives(doFile: string): Directive[] {
  return doFile.split(/\r?\n/).flatMap((line) => {
    const display = DISPLAY.exec(line)?.[1]
    if (display !== undefined) return [{ name: 'print', text: fillIn(display) } as const]
    const [, name, rest = ''] = DIRECTIVE.exec(line) ?? []
    return name === undefined ? [] : [parseDirective(name, rest)]
  })
}

/** What the scripted engine says of itself, so that a gateway which probes it takes it for a Stata. */
const C_VALUES: Readonly<Record<string, string>> = {
  stata_version: '18.5',
  edition_real: 'MP',
  flavor: 'BE',
  MP: '1',
  SE: '1',
}

function fillIn(text: string): string {
  return text.replace(/`c\((\w+)\)'/g, (_, name: string) => C_VALUES[name] ?? '')
}

export function parseDirective(name: string, rest: string): Directive {
  switch (name) {
    case 'print':
    case 'partial':
    case 'echo':
    case 'stdout':
    case 'stderr':
      return { name, text: rest }
    case 'bytes':
      return { name, bytes: Buffer.from(rest.replaceAll(' ', ''), 'hex') }
    case 'burst':
    case 'flushed':
      return { name, count: Number(rest) }
    case 'canary': {
      const [count = 0, seed = 0, linesPerSecond = Number.POSITIVE_INFINITY] = rest.split(' ').map(Number)
      return { name, count, seed, linesPerSecond }
    }
    case 'clock': {
      const [count = 0, everyMs = 0] = rest.split(' ').map(Number)
      return { name, count, everyMs }
    }
    case 'print-env':
      return { name, variable: rest }
    case 'sleep':
      return { name, ms: Number(rest) }
    case 'wait-for':
    case 'touch':
    case 'append-pid':
    case 'fork-child':
    case 'fork-daemon':
      return { name, file: rest }
    case 'error': {
      const [, rc, message = ''] = /^(\d+) ?(.*)$/.exec(rest) ?? []
      return { name, rc: Number(rc), message }
    }
    case 'exit':
      return { name, status: Number(rest) }
    case 'crash':
      return { name, signal: rest }
    case 'print-args':
    case 'hang':
    case 'ignore-signals':
    case 'no-log':
    case 'append-log':
    case 'truncate-log':
    case 'replace-log':
    case 'delete-log':
      return { name }
    default:
      throw new Error(`the scripted engine knows no directive "${name}"`)
  }
}
