/** `display`: strings, expressions and layout directives on the screen. */
import type { Command } from './command.ts'
import { writeDisplay } from './display-directives.ts'

export const display: Command = {
  name: 'display',
  shortest: 'di',
  run: ({ rest, session }) => {
    const { screen } = session
    let isError = false
    const continues = writeDisplay(rest, session, {
      get column() {
        return screen.column
      },
      linesize: screen.linesize,
      write: (text, asError) => {
        isError = asError
        if (asError) session.printError(text)
        else session.print(text)
      },
    })
    if (continues) return undefined
    if (isError) session.printError('\n')
    else session.print('\n')
    return undefined
  },
}
