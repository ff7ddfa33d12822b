/** Programs and do-files: `do`, `run`, `program drop`, `return`. */
import { parseExpression } from '../expressions/parse.ts'
import { readString } from '../expressions/tokens.ts'
import { splitWords, unquote } from '../macros/words.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Call, Command, Outcome } from './command.ts'
import { printResults } from './results.ts'

/** Cuts a file name, quoted or not, off the front. */
export function splitFileName(text: string): { path: string; rest: string } {
  if (text.startsWith('"') || text.startsWith('`"')) {
    const { value, end } = readString(text, 0)
    return { path: value, rest: text.slice(end).trim() }
  }
  const end = text.search(/[\s,]/)
  return end === -1 ? { path: text, rest: '' } : { path: text.slice(0, end), rest: text.slice(end).trim() }
}

/** The path with `.ext` added if its last part has no extension. */
export function withExtension(path: string, extension: string): string {
  return /\.[^/\\.]*$/.test(path) ? path : `${path}.${extension}`
}

function doFile({ rest, runner }: Call): Outcome {
  const { path, rest: more } = splitFileName(rest)
  if (path === '') throw new StataError(198, 'invalid file specification')
  const whole = more.replace(/,\s*nostop\s*$/, '')
  return runner.runDoFile(withExtension(path, 'do'), whole, splitWords(whole))
}

const doCommand: Command = { name: 'do', run: doFile }

const run: Command = {
  name: 'run',
  shortest: 'ru',
  run: (call) =>
    call.session.withVisibility(call.session.visibility === 'none' ? 'none' : 'errors', () => doFile(call)),
}

const program: Command = {
  name: 'program',
  shortest: 'pr',
  run: ({ rest, session }) => {
    const [action, ...names] = splitWords(rest)
    if (action === 'dir') {
      for (const name of session.programs.keys()) session.printLine(name)
      return undefined
    }
    if (action !== 'drop' || names.length === 0) throw syntaxError()
    for (const name of names) {
      if (name === '_all') session.programs.clear()
      else if (!session.programs.delete(name)) throw new StataError(111, `${name} not found`)
    }
    return undefined
  },
}

const returnCommand: Command = {
  name: 'return',
  shortest: 'ret',
  run: ({ rest, session }) => {
    if (/^li(?:st?)?$/.test(rest)) {
      printResults(session, 'r', session.results)
      return undefined
    }
    if (rest === 'clear') {
      session.results.clear()
      return undefined
    }
    if (!session.returns) throw new StataError(119, 'statement out of context')
    const match = /^(scalar|sca|local|loc)\s+([\p{L}_][\p{L}\p{N}_]*)\s*(=?)(.*)$/su.exec(rest)
    if (!match) throw syntaxError()
    const [, kind = '', name = '', equals, text = ''] = match
    if (equals === '' && kind.startsWith('sca')) throw syntaxError()
    session.returns.set(name, equals === '' ? unquote(text) : parseExpression(text.trim())(session.environment))
    return undefined
  },
}

export const programCommands: readonly Command[] = [doCommand, run, program, returnCommand]
