/** Commands that steer a do-file: `exit`, `error`, `continue`, `assert`, `sleep`, `version` and the like. */
import { evaluateNumber } from '../expressions/evaluate.ts'
import { parseExpression } from '../expressions/parse.ts'
import { Tokens } from '../expressions/tokens.ts'
import { withThousands } from '../output/format.ts'
import { standardMessage } from '../return-codes.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Command } from './command.ts'
import { dataChanged } from './datasets.ts'
import { selectedObservations } from './selection.ts'
import { parseSyntax } from './syntax.ts'

const exit: Command = {
  name: 'exit',
  shortest: 'e',
  run: ({ rest, session }) => {
    const { main, options } = parseSyntax(rest)
    const clear = options.has('clear')
    const quits = options.has('STATA') || clear
    options.finish()
    const code = main === '' ? 0 : Math.trunc(evaluateNumber(main.replace(/^=/, ''), session))
    if (code !== 0) throw new StataError(code, '')
    if (!quits) return 'leave'
    if (session.data.changed && !clear) {
      throw dataChanged()
    }
    return 'quit'
  },
}

const error: Command = {
  name: 'error',
  shortest: 'err',
  run: ({ rest, session }) => {
    const code = Math.trunc(evaluateNumber(rest, session))
    if (code === 0) return undefined
    throw new StataError(code, standardMessage(code) ?? '')
  },
}

const continueLoop: Command = {
  name: 'continue',
  shortest: 'continue',
  run: ({ rest }) => {
    const { main, options } = parseSyntax(rest)
    const isBreak = options.has('break', 'br')
    options.finish()
    if (main !== '') throw syntaxError()
    return isBreak ? 'break' : 'continue'
  },
}

/** Without data an assertion is tested once; with data, for every observation it names a variable of. */
const assert: Command = {
  name: 'assert',
  shortest: 'as',
  run: ({ rest, session }) => {
    const { main, condition, range, options } = parseSyntax(rest)
    const returnCode = options.take('rc0')
    options.finish()
    if (main === '' || returnCode !== undefined) throw syntaxError()
    const holds = parseExpression(main)
    const { environment, data } = session
    const perObservation =
      data.count > 0 && (condition !== undefined || range !== undefined || mentionsData(main, session))
    if (!perObservation) {
      if (holds(environment) === 0) throw new StataError(9, 'assertion is false')
      return undefined
    }
    let tested = 0
    let contradictions = 0
    for (const index of selectedObservations(session, condition, range)) {
      environment.index = index
      tested++
      if (holds(environment) === 0) contradictions++
    }
    environment.index = 0
    if (contradictions === 0) return undefined
    const plural = contradictions === 1 ? 'contradiction' : 'contradictions'
    throw new StataError(
      9,
      `${withThousands(contradictions)} ${plural} in ${withThousands(tested)} observation${tested === 1 ? '' : 's'}\nassertion is false`,
    )
  },
}

function mentionsData(text: string, session: { readonly data: { find(name: string): unknown } }): boolean {
  const tokens = new Tokens(text)
  for (let token = tokens.next(); token.kind !== 'end'; token = tokens.next()) {
    if (token.kind !== 'name') continue
    if (token.value === '_n' || (session.data.find(token.value) && !tokens.isFollowedBy('('))) return true
  }
  return false
}

const sleep: Command = {
  name: 'sleep',
  run: ({ rest, session }) => {
    if (!/^\d+$/.test(rest)) throw rest === '' ? syntaxError() : syntaxError()
    session.system.sleep(Number(rest))
    return undefined
  },
}

const version: Command = {
  name: 'version',
  shortest: 'vers',
  run: ({ rest }) => {
    if (rest !== '' && !/^\d+(\.\d+)?$/.test(rest)) throw syntaxError()
    return undefined
  },
}

const shell: Command = {
  name: 'shell',
  shortest: 'sh',
  run: ({ rest, session }) => {
    if (rest !== '') session.system.shell(rest)
    return undefined
  },
}

export const controlCommands: readonly Command[] = [
  exit,
  error,
  continueLoop,
  assert,
  sleep,
  version,
  shell,
  { ...shell, name: '!', shortest: '!' },
]
