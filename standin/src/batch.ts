/** One batch run: the log's head, the command, and nothing after it. */
import { bannerLines } from './banner.ts'
import { Interpreter } from './interpreter.ts'
import { Screen, type WriteLine } from './output/screen.ts'
import { Session } from './session.ts'
import type { System } from './system.ts'

export interface BatchRun {
  readonly command: string
  readonly isQuiet: boolean
}

/** Runs the command to its end. Every Stata error is in the log; the exit status does not tell. */
export function runBatch({ command, isQuiet }: BatchRun, writeLine: WriteLine, system: System): void {
  const screen = new Screen(writeLine)
  const session = new Session(screen, system)
  for (const line of bannerLines(isQuiet)) screen.writeLine(line)
  if (command === '') return
  if (!isQuiet) screen.writeLine(`. ${command} `)
  new Interpreter(session).runTopLevel(command)
  screen.freshLine()
  for (const log of session.logs.values()) log.file.close()
}
