/** The echo of commands: `. cmd`, `  2. ` in loops and programs, `> ` for what continues a line. */
import type { Session } from '../session.ts'
import type { LogicalLine } from '../source/logical-lines.ts'

const TAB_WIDTH = 8

export class Echo {
  readonly #session: Session

  constructor(session: Session) {
    this.#session = session
  }

  line(line: LogicalLine, prompt = '. '): void {
    if (this.#session.visibility !== 'all') return
    const { screen } = this.#session
    screen.freshLine()
    line.physical.forEach((text, index) => {
      screen.writeLine((index === 0 ? prompt : '> ') + expandTabs(text))
    })
  }

  /**
   * The lines of a loop or program. A number stands at the first line typed for each command; blank and comment lines
   * use it up, so those after them show `. ` until the next command.
   */
  numbered(lines: readonly LogicalLine[], first: number): void {
    let number = first
    let isShown = false
    for (const line of lines) {
      this.line(line, isShown ? '. ' : `${String(number).padStart(3)}. `)
      isShown = line.text === ''
      if (!isShown) number++
    }
  }
}

function expandTabs(text: string): string {
  if (!text.includes('\t')) return text
  let result = ''
  for (const char of text) result += char === '\t' ? ' '.repeat(TAB_WIDTH - (result.length % TAB_WIDTH)) : char
  return result
}
