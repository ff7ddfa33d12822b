/** Whole datasets: `clear`, `save`, `use`, `preserve`, `restore`. */
import { readDataFile, writeDataFile } from '../data/data-file.ts'
import type { Session } from '../session.ts'
import { StataError, syntaxError, unrecognized } from '../stata-error.ts'
import type { Command } from './command.ts'
import { splitFileName, withExtension } from './programs.ts'
import { parseSyntax } from './syntax.ts'

const clear: Command = {
  name: 'clear',
  run: ({ rest, session }) => {
    switch (rest) {
      case '':
        session.data.clear()
        return undefined
      case 'all':
        session.data.clear()
        session.programs.clear()
        session.scalars.clear()
        session.results.clear()
        session.estimates.clear()
        session.timers.clear()
        return undefined
      case 'results':
        session.results.clear()
        session.estimates.clear()
        return undefined
      case 'programs':
        session.programs.clear()
        return undefined
      default:
        throw unrecognized(`clear ${rest}`)
    }
  },
}

const save: Command = {
  name: 'save',
  shortest: 'sa',
  run: ({ rest, session }) => {
    const { path: given, rest: more } = splitFileName(rest)
    const { main, options } = parseSyntax(more)
    const replaces = options.has('replace')
    options.finish()
    if (given === '' || main !== '') throw new StataError(198, 'invalid file specification')
    const path = withExtension(given, 'dta')
    const { system } = session
    const exists = system.exists(path)
    if (exists && !replaces) throw new StataError(602, `file ${path} already exists`)
    if (!exists && replaces) session.printParagraph(`(file ${path} not found)`)
    if (!system.writeFile(path, writeDataFile(session.data)))
      throw new StataError(603, `file ${path} could not be opened`)
    session.data.changed = false
    session.printParagraph(path.endsWith('.dta') ? `file ${path} saved` : `file ${path} saved as .dta format`)
    return undefined
  },
}

const use: Command = {
  name: 'use',
  shortest: 'u',
  run: ({ rest, session }) => {
    const { path: given, rest: more } = splitFileName(rest)
    const { main, options } = parseSyntax(more)
    const clears = options.has('clear')
    options.finish()
    if (given === '' || main !== '') throw new StataError(198, 'invalid file specification')
    const exact = session.system.readFile(given)
    const path = exact ? given : withExtension(given, 'dta')
    const bytes = exact ?? session.system.readFile(path)
    if (!bytes) throw new StataError(601, `file ${path} not found`)
    if (session.data.changed && !clears) throw dataChanged()
    const data = readDataFile(new TextDecoder().decode(bytes))
    if (!data) throw new StataError(610, `file ${path} not Stata format`)
    session.data = data
    return undefined
  },
}

const preserve: Command = {
  name: 'preserve',
  shortest: 'preserve',
  run: ({ rest, session }) => {
    if (rest !== '') throw syntaxError()
    if (session.preserved) throw new StataError(621, 'already preserved')
    session.preserved = copyOf(session)
    return undefined
  },
}

const restore: Command = {
  name: 'restore',
  shortest: 'restore',
  run: ({ rest, session }) => {
    if (!session.preserved) throw new StataError(622, 'nothing to restore')
    switch (rest) {
      case '':
        session.data = session.preserved
        session.preserved = undefined
        return undefined
      case ', not':
      case ',not':
        session.preserved = undefined
        return undefined
      default:
        throw syntaxError()
    }
  },
}

function copyOf(session: Session): Session['data'] {
  const copy = readDataFile(writeDataFile(session.data))
  if (!copy) throw new Error('Internal error: a dataset did not survive its own file format')
  copy.changed = session.data.changed
  return copy
}

export function dataChanged(): StataError {
  return new StataError(4, 'no; dataset in memory has changed since last saved')
}

export const datasetCommands: readonly Command[] = [clear, save, use, preserve, restore]
