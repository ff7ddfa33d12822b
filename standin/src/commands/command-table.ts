/** Every command the stand-in knows, found by full name or by any abbreviation Stata takes. */
import type { Command } from './command.ts'
import { controlCommands } from './control.ts'
import { datasetCommands } from './datasets.ts'
import { descriptionCommands } from './describe.ts'
import { display } from './display.ts'
import { fileCommands } from './files.ts'
import { generate, replace } from './generate.ts'
import { list } from './list.ts'
import { logCommand } from './log.ts'
import { macroCommands } from './macros.ts'
import { observationCommands } from './observations.ts'
import { programCommands } from './programs.ts'
import { resultCommands } from './results.ts'
import { set } from './set.ts'
import { summarize } from './summarize.ts'
import { tabulate } from './tabulate.ts'

export const COMMANDS: readonly Command[] = [
  display,
  set,
  logCommand,
  ...macroCommands,
  ...controlCommands,
  ...programCommands,
  ...fileCommands,
  ...datasetCommands,
  ...observationCommands,
  ...descriptionCommands,
  ...resultCommands,
  generate,
  replace,
  list,
  summarize,
  tabulate,
]

const byName = new Map<string, Command>()
for (const command of COMMANDS) {
  const { name, shortest = name } = command
  for (let length = shortest.length; length <= name.length; length++) byName.set(name.slice(0, length), command)
}

export function findCommand(word: string): Command | undefined {
  return byName.get(word)
}
