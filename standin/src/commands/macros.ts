/** `local`, `global`, `scalar`, `args`, `tokenize`, `macro`, `tempname` and its kin. */
import { parseExpression } from '../expressions/parse.ts'
import { extendedFunction } from '../macros/extended-functions.ts'
import { SessionScope, valueText } from '../macros/scope.ts'
import { splitWords, unquote } from '../macros/words.ts'
import { generalNumber } from '../output/format.ts'
import { notFound, StataError, syntaxError, typeMismatch } from '../stata-error.ts'
import type { Call, Command } from './command.ts'

/** `name`, `name = exp`, `name : function`, `name text`, `++name`. Undefined value: the macro is to be removed. */
function assignment(call: Call, names: RegExp): { name: string; value: string | undefined } {
  const step = /^(\+\+|--)\s*([\p{L}_]\w*)$/u.exec(call.rest)
  if (step) {
    const name = step[2] ?? ''
    const before = Number(call.frame.locals.get(name) || '0')
    if (Number.isNaN(before)) throw typeMismatch()
    return { name, value: generalNumber(before + (step[1] === '++' ? 1 : -1), 18) }
  }
  const match = names.exec(call.rest)
  if (!match) throw syntaxError()
  const name = match[1] ?? ''
  const rest = call.rest.slice(match[0].length)
  const text = rest.trimStart()
  if (text.startsWith('=')) return { name, value: valueText(parseExpression(text.slice(1))(call.session.environment)) }
  if (text.startsWith(':')) {
    const scope = new SessionScope(call.session, call.frame)
    return { name, value: extendedFunction(text.slice(1).trim(), call.session, scope) }
  }
  if (text !== '' && !/^[\s"`]/.test(rest)) throw new StataError(198, `${call.rest.split(/\s/)[0]} invalid name`)
  return { name, value: text === '' ? undefined : unquote(text) }
}

const local: Command = {
  name: 'local',
  shortest: 'loc',
  run: (call) => {
    const { name, value } = assignment(call, /^([\p{L}\p{N}_]{1,31})/u)
    if (value === undefined || value === '') call.frame.locals.delete(name)
    else call.frame.locals.set(name, value)
    return undefined
  },
}

const global: Command = {
  name: 'global',
  shortest: 'gl',
  run: (call) => {
    const { name, value } = assignment(call, /^([\p{L}_][\p{L}\p{N}_]{0,31})/u)
    if (value === undefined || value === '') call.session.globals.delete(name)
    else call.session.globals.set(name, value)
    return undefined
  },
}

const scalar: Command = {
  name: 'scalar',
  shortest: 'sca',
  run: ({ rest, session }) => {
    const drop = /^drop\s+(.+)$/.exec(rest)
    if (drop) {
      for (const name of splitWords(drop[1] ?? '')) {
        if (name === '_all') session.scalars.clear()
        else if (!session.scalars.delete(name)) throw notFound(`scalar ${name}`)
      }
      return undefined
    }
    const list = /^(?:l(?:i(?:st?)?)?|dir)\b\s*(.*)$/.exec(rest)
    if (list && !/^\s*=/.test(rest.slice(rest.search(/\s|$/)))) {
      for (const name of list[1] === '' ? session.scalars.keys() : splitWords(list[1] ?? '')) {
        const value = session.scalars.get(name)
        if (value === undefined) throw notFound(`scalar ${name}`)
        session.printLine(
          `${name.padStart(10)} = ${typeof value === 'string' ? value : generalNumber(value, 10).padStart(10)}`,
        )
      }
      return undefined
    }
    const define = /^(?:de(?:f(?:i(?:ne?)?)?)?\s+)?([\p{L}_][\p{L}\p{N}_]{0,31})\s*=(?!=)(.*)$/su.exec(rest)
    if (!define) throw syntaxError()
    session.scalars.set(define[1] ?? '', parseExpression((define[2] ?? '').trim())(session.environment))
    return undefined
  },
}

const args: Command = {
  name: 'args',
  run: ({ rest, frame }) => {
    splitWords(rest).forEach((name, index) => {
      const value = frame.locals.get(String(index + 1))
      if (value === undefined) frame.locals.delete(name)
      else frame.locals.set(name, value)
    })
    return undefined
  },
}

const tokenize: Command = {
  name: 'tokenize',
  shortest: 'token',
  run: ({ rest, frame }) => {
    frame.setPositional(splitWords(unquote(rest)))
    return undefined
  },
}

const macro: Command = {
  name: 'macro',
  shortest: 'ma',
  run: ({ rest, session, frame }) => {
    const [action, ...names] = splitWords(rest)
    if (action !== 'drop' || names.length === 0) throw syntaxError()
    for (const name of names) {
      if (name === '_all') session.globals.clear()
      else if (name.startsWith('_')) frame.locals.delete(name.slice(1))
      else session.globals.delete(name)
    }
    return undefined
  },
}

const shift: Command = {
  name: 'mac',
  run: ({ rest, frame }) => {
    if (!/^shift?$/.test(rest)) throw syntaxError()
    const words: string[] = []
    for (let i = 2; frame.locals.has(String(i)); i++) words.push(frame.locals.get(String(i)) ?? '')
    frame.setPositional(words)
    return undefined
  },
}

/** A name that nothing else uses: `__000000`. */
function temporaryName(call: Call): string {
  return `__${(call.session.temporaryCount++).toString(36).padStart(6, '0')}`
}

function temporary(name: string, value: (call: Call) => string): Command {
  return {
    name,
    run: (call) => {
      for (const word of splitWords(call.rest)) call.frame.locals.set(word, value(call))
      return undefined
    },
  }
}

const tempfile = temporary('tempfile', (call) => {
  const { system } = call.session
  return `${system.temporaryDirectory}/St${system.pid}.${(call.session.temporaryCount++).toString().padStart(6, '0')}`
})

export const macroCommands: readonly Command[] = [
  local,
  global,
  scalar,
  args,
  tokenize,
  macro,
  shift,
  temporary('tempname', temporaryName),
  temporary('tempvar', temporaryName),
  tempfile,
]
