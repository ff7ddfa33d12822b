/** What variables are called and how they look: `describe`, `format`, `label variable`. */
import { isStringType } from '../data/storage.ts'
import { expandVarlist } from '../data/varlist.ts'
import { unquote } from '../macros/words.ts'
import { abbreviateName } from '../output/abbreviate-name.ts'
import { requireFormat, withThousands } from '../output/format.ts'
import { StataError, syntaxError, unrecognized } from '../stata-error.ts'
import type { Command } from './command.ts'
import { parseSyntax, refuse } from './syntax.ts'

const RULE = '-'.repeat(79)
const HEADER = `
Variable      Storage   Display    Value
    name         type    format    label      Variable label
${RULE}
`

const describe: Command = {
  name: 'describe',
  shortest: 'd',
  run: ({ rest, session }) => {
    const syntax = parseSyntax(rest)
    refuse(syntax, ['if', 'in', 'using'])
    syntax.options.finish()
    const { data } = session
    const isWhole = syntax.main === ''
    if (isWhole) {
      session.printLine('\nContains data')
      session.printLine(` Observations:${withThousands(data.count).padStart(14)}                  `)
      session.printLine(`    Variables:${withThousands(data.variables.length).padStart(14)}                  `)
      session.print(RULE)
    }
    session.print(HEADER)
    for (const { name, type, format, label } of isWhole ? data.variables : expandVarlist(syntax.main, data)) {
      const shown = abbreviateName(name, 15).padEnd(16) + type.padEnd(8) + format.padEnd(11)
      session.printLine(`${shown}${' '.repeat(11)}${label}`)
    }
    if (isWhole) {
      session.printLine(`${RULE}\nSorted by: ${data.sortedBy.join('  ')}`)
      if (data.changed) session.printLine('     Note: Dataset has changed since last saved.')
    }
    session.results = new Map([
      ['N', data.count],
      ['k', data.variables.length],
    ])
    return undefined
  },
}

const format: Command = {
  name: 'format',
  shortest: 'form',
  run: ({ rest, session }) => {
    const words = rest.split(/\s+/)
    const text = words.find((word) => word.startsWith('%'))
    if (text === undefined) throw syntaxError()
    const parsed = requireFormat(text)
    for (const variable of expandVarlist(words.filter((word) => word !== text).join(' '), session.data)) {
      if (isStringType(variable.type) !== (parsed.kind === 'string')) throw new StataError(120, 'invalid %format')
      variable.format = text
    }
    return undefined
  },
}

const label: Command = {
  name: 'label',
  shortest: 'la',
  run: ({ rest, session }) => {
    const match = /^var(?:i(?:a(?:b(?:le?)?)?)?)?\s+(\S+)\s*(.*)$/s.exec(rest)
    if (!match) throw unrecognized(`label ${rest.split(/\s/)[0]}`)
    session.data.require(match[1] ?? '').label = unquote(match[2] ?? '')
    return undefined
  },
}

export const descriptionCommands: readonly Command[] = [describe, format, label]
