/** Every command the stand-in knows, found by full name or by any abbreviation Stata takes. */
import type { Command } from './command.ts'
import { controlCommands } from './control.ts'
import { dataCommands } from './data-step.ts'
import { display } from './display.ts'
import { fileCommands } from './files.ts'
import { logCommand } from './log.ts'
import { macroCommands } from './macros.ts'
import { programCommands } from './programs.ts'
import { set } from './set.ts'

export const COMMANDS: readonly Command[] = [
  display,
  set,
  logCommand,
  ...macroCommands,
  ...controlCommands,
  ...programCommands,
  ...fileCommands,
  ...dataCommands,
]

const byName = new Map<string, Command>()
for (const command of COMMANDS) {
  const { name, shortest = name } = command
  for (let length = shortest.length; length <= name.length; length++) byName.set(name.slice(0, length), command)
}

export function findCommand(word: string): Command | undefined {
  return byName.get(word)
}
