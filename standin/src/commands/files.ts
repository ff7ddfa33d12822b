/** Files and directories: `cd`, `pwd`, `mkdir`, `erase`, `confirm`. */

import { isStringType } from '../data/storage.ts'
import { isName } from '../data/varlist.ts'
import { splitWords, unquote } from '../macros/words.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Command } from './command.ts'
import { parseSyntax } from './syntax.ts'

const cd: Command = {
  name: 'cd',
  run: ({ rest, session }) => {
    const path = unquote(rest)
    if (path !== '' && !session.system.chdir(path)) throw new StataError(170, `unable to change to ${path}`)
    session.printLine(session.system.cwd())
    return undefined
  },
}

const pwd: Command = {
  name: 'pwd',
  run: ({ session }) => {
    session.printLine(session.system.cwd())
    return undefined
  },
}

const mkdir: Command = {
  name: 'mkdir',
  run: ({ rest, session }) => {
    const path = unquote(parseSyntax(rest).main)
    if (!session.system.makeDirectory(path)) throw new StataError(693, `could not create directory ${path}`)
    return undefined
  },
}

const erase: Command = {
  name: 'erase',
  run: ({ rest, session }) => {
    const path = unquote(rest)
    if (!session.system.removeFile(path)) throw new StataError(601, `file ${path} not found`)
    return undefined
  },
}

const confirm: Command = {
  name: 'confirm',
  shortest: 'conf',
  run: ({ rest, session }) => {
    const match =
      /^(new\s+)?(?:(numeric|string|exact|str|integer)\s+)?(f(?:ile?)?|v(?:ar(?:iable)?)?|n(?:umber)?|name|existence)\b\s*(.*)$/s.exec(
        rest,
      )
    if (!match) throw syntaxError()
    const [, isNew, kind, what = '', argument = ''] = match
    if (what.startsWith('f')) {
      const path = unquote(argument)
      const exists = session.system.exists(path)
      if (isNew === undefined && !exists) throw new StataError(601, `file ${path} not found`)
      if (isNew !== undefined && exists) throw new StataError(602, `file ${path} already exists`)
    } else if (what.startsWith('v')) {
      for (const name of splitWords(argument)) {
        if (!isName(name)) throw new StataError(7, `'${name}' found where variable name expected`)
        const variable = kind === 'exact' ? session.data.exact(name) : session.data.find(name)
        if (isNew !== undefined) {
          if (session.data.exact(name)) throw new StataError(110, `variable ${name} already defined`)
        } else if (!variable) throw new StataError(111, `variable ${name} not found`)
        else if (kind === 'numeric' && isStringType(variable.type)) {
          throw new StataError(7, `'${name}' found where numeric variable expected`)
        } else if (kind?.startsWith('str') && !isStringType(variable.type)) {
          throw new StataError(7, `'${name}' found where string variable expected`)
        }
      }
    } else if (what.startsWith('n') && what !== 'name') {
      const number = argument.trim() === '' ? Number.NaN : Number(argument)
      if (Number.isNaN(number) || (kind === 'integer' && !Number.isInteger(number))) {
        throw new StataError(7, `'${argument}' found where ${kind === 'integer' ? 'integer' : 'number'} expected`)
      }
    } else if (what === 'name') {
      if (!isName(argument)) throw new StataError(7, `'${argument}' found where name expected`)
    } else if (argument === '') throw new StataError(6, 'nothing found where something expected')
    return undefined
  },
}

export const fileCommands: readonly Command[] = [cd, pwd, mkdir, erase, { ...erase, name: 'rm' }, confirm]
