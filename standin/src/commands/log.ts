/** `log using` and `log close`: text logs beside the batch log, which nothing in a do-file can close. */

import { splitWords, unquote } from '../macros/words.ts'
import { currentDate, currentTime } from '../output/date-format.ts'
import type { OpenLog, Session } from '../session.ts'
import { StataError, syntaxError } from '../stata-error.ts'
import type { Command } from './command.ts'
import { withExtension } from './programs.ts'
import { parseSyntax } from './syntax.ts'

/** Stata's own bound on text logs open at once. */
const MAX_LOGS = 5
const UNNAMED = '<unnamed>'

export const logCommand: Command = {
  name: 'log',
  run: ({ rest, session }) => {
    const { main, using, options } = parseSyntax(rest)
    if (using !== undefined) {
      const isText = options.has('text', 't')
      if (!isText && !/\.(?:log|txt)$/.test(unquote(using))) throw smclLog()
      const mode = options.has('append') ? 'append' : options.has('replace') ? 'replace' : 'new'
      const name = options.take('name') ?? UNNAMED
      options.has('nomsg')
      options.finish()
      openLog(session, withExtension(unquote(using), 'log'), name, mode)
      return undefined
    }
    const [action, name = UNNAMED, ...more] = splitWords(main)
    options.finish()
    if (action !== 'close' || more.length > 0) throw syntaxError()
    closeLogs(session, name)
    return undefined
  },
}

/** Stata would write SMCL here. */
function smclLog(): StataError {
  return new StataError(198, 'SMCL logs are not supported by the stand-in; specify option text')
}

function openLog(session: Session, path: string, name: string, mode: 'append' | 'replace' | 'new'): void {
  if (session.logs.has(name)) throw new StataError(604, 'log file already open')
  if (session.logs.size >= MAX_LOGS) throw new StataError(604, 'log file already open')
  const exists = session.system.exists(path)
  if (mode === 'new' && exists) throw new StataError(602, `file ${path} already exists`)
  if (mode === 'replace' && !exists) session.printParagraph(`(file ${path} not found)`)
  const file = session.system.openLineFile(path, mode === 'append' ? 'append' : 'replace')
  if (!file) throw new StataError(603, `file ${path} could not be opened`)
  const absolute = path.startsWith('/') ? path : `${session.system.cwd()}/${path}`
  const log: OpenLog = { name, path: absolute, file, sink: (line) => file.writeLine(line) }
  session.screen.freshLine()
  session.screen.addSink(log.sink)
  session.logs.set(name, log)
  printHeader(session, log, 'opened on')
}

function closeLogs(session: Session, name: string): void {
  const logs =
    name === '_all' ? [...session.logs.values()] : [session.logs.get(name)].filter((log) => log !== undefined)
  if (logs.length === 0) {
    if (name === '_all') return
    throw new StataError(606, name === UNNAMED ? 'no log file open' : `log ${name} not open`)
  }
  for (const log of logs) {
    printHeader(session, log, 'closed on')
    session.screen.removeSink(log.sink)
    session.logs.delete(log.name)
    log.file.close()
  }
}

function printHeader(session: Session, log: OpenLog, event: 'opened on' | 'closed on'): void {
  const now = session.system.now()
  const rule = '-'.repeat(session.screen.linesize)
  if (event === 'opened on') session.printLine(rule)
  session.printLine(`      name:  ${log.name}`)
  session.printLine(`       log:  ${log.path}`)
  session.printLine('  log type:  text')
  session.printLine(`${event.padStart(10)}:  ${currentDate(now)}, ${currentTime(now)}`)
  if (event === 'closed on') session.printLine(rule)
}
