/** Making and changing data: `clear`, `generate`, `replace`, `drop`, `keep`, `sort`, `rename`. */
import type { Command } from './command.ts'
import { generate, replace } from './generate.ts'
import { summarize } from './summarize.ts'

const clear: Command = {
  name: 'clear',
  run: ({ rest, session }) => {
    session.data.clear()
    if (rest === 'all') {
      session.programs.clear()
      session.scalars.clear()
      session.results.clear()
      session.estimates.clear()
    }
    return undefined
  },
}

export const dataCommands: readonly Command[] = [clear, generate, replace, summarize]
