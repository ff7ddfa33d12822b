/**
 * Messages that Stata sets as a paragraph: words wrapped with a hanging indent of 4 and a right margin of 2; a word too
 * long for a line is cut and goes on after `> `. Pure.
 */
import { textWidth } from './format.ts'

const INDENT = '    '
const RIGHT_MARGIN = 2

export function paragraph(text: string, linesize: number): string[] {
  const width = linesize - RIGHT_MARGIN
  if (textWidth(text) <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const candidate = line === '' ? word : line.trim() === '' ? line + word : `${line} ${word}`
    if (textWidth(candidate) <= width) {
      line = candidate
      continue
    }
    if (line.trim() !== '') lines.push(line)
    line = INDENT + word
    while (textWidth(line) > width) {
      const cut = [...line].slice(0, width - 1).join('')
      lines.push(cut)
      line = `${INDENT}> ${line.slice(cut.length)}`
    }
  }
  lines.push(line)
  return lines
}
