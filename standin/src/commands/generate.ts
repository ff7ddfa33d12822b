/** `generate` and `replace`. */
import {
  defaultFormat,
  isStringType,
  promoted,
  type StorageType,
  storageType,
  store,
  typeForText,
} from '../data/storage.ts'
import { requireNewName } from '../data/varlist.ts'
import { parseExpression } from '../expressions/parse.ts'
import { isMissing, MISSING, type Value } from '../expressions/values.ts'
import { withThousands } from '../output/format.ts'
import type { Session } from '../session.ts'
import { syntaxError, typeMismatch } from '../stata-error.ts'
import type { Command } from './command.ts'
import { selectedObservations } from './selection.ts'
import { type CommandSyntax, parseSyntax, refuse } from './syntax.ts'

/** Splits `name = exp` at the first `=` that is not part of `==`, `<=` and so on. */
function splitAssignment(text: string): { left: string; right: string } {
  const match = /^([^=]*?)\s*=(?!=)\s*(.*)$/s.exec(text)
  const right = match?.[2] ?? ''
  if (!match || right === '') throw syntaxError()
  return { left: match[1] ?? '', right }
}

/** The expression's value at each selected observation. */
function evaluateSelected(session: Session, expression: string, syntax: CommandSyntax): Map<number, Value> {
  const evaluate = parseExpression(expression)
  const values = new Map<number, Value>()
  for (const index of selectedObservations(session, syntax.condition, syntax.range)) {
    values.set(index, evaluate(session.environment))
  }
  return values
}

export const generate: Command = {
  name: 'generate',
  shortest: 'g',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    syntax.options.finish()
    const { left, right } = splitAssignment(syntax.main)
    const words = left.split(/\s+/).filter(Boolean)
    const explicit = words.length === 2 ? storageType(words[0] ?? '') : undefined
    const name = words.at(-1)
    if (name === undefined || words.length > 2 || (words.length === 2 && words[0] !== 'str' && !explicit))
      throw syntaxError()
    requireNewName(name, session.data)
    const values = evaluateSelected(session, right, syntax)
    const probe = values.size > 0 ? values.values().next().value : parseExpression(right)(session.environment)
    const isText = typeof probe === 'string'
    if (explicit && isStringType(explicit) !== isText) throw typeMismatch()
    const type = explicit ?? (isText ? widestText(values) : 'float')
    const column: Value[] = new Array<Value>(session.data.count).fill(isText ? '' : MISSING)
    for (const [index, value] of values) column[index] = store(type, value)
    session.data.add(name, type, column)
    const missing = isText ? 0 : column.filter(isMissing).length
    if (missing > 0) session.printLine(`(${withThousands(missing)} missing value${missing === 1 ? '' : 's'} generated)`)
    return undefined
  },
}

function widestText(values: ReadonlyMap<number, Value>): StorageType {
  let widest: StorageType = 'str1'
  for (const value of values.values())
    widest = typeof value === 'string' && typeForText(value) > widest ? wider(widest, value) : widest
  return widest
}

function wider(type: StorageType, text: string): StorageType {
  return promoted(type, text)
}

export const replace: Command = {
  name: 'replace',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['using'])
    const keepsType = syntax.options.has('nopromote', 'nop')
    syntax.options.finish()
    const { left, right } = splitAssignment(syntax.main)
    const variable = session.data.require(left.trim())
    const isText = isStringType(variable.type)
    const values = evaluateSelected(session, right, syntax)
    let type = variable.type
    for (const value of values.values()) {
      if ((typeof value === 'string') !== isText) throw typeMismatch()
      if (!keepsType) type = promoted(type, value)
    }
    if (type !== variable.type) {
      session.printLine(`variable ${variable.name} was ${variable.type} now ${type}`)
      if (variable.format === defaultFormat(variable.type)) variable.format = defaultFormat(type)
      variable.type = type
    }
    let changes = 0
    let toMissing = 0
    for (const [index, value] of values) {
      const stored = store(type, value)
      if (variable.values[index] === stored) continue
      variable.values[index] = stored
      changes++
      if (!isText && isMissing(stored)) toMissing++
    }
    if (changes > 0) session.data.touch([variable.name])
    const missing = toMissing > 0 ? `, ${withThousands(toMissing)} to missing` : ''
    session.printLine(`(${withThousands(changes)} real change${changes === 1 ? '' : 's'} made${missing})`)
    return undefined
  },
}
