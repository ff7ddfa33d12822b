import { type Directive, parseDirective } from './directives.ts'

/**
 * A recording is a log that was written down beforehand, for the scripted engine to play. A line that begins with `@`
 * is a directive (`@sleep 200`); what follows `@rest` was never run, and belongs to the do-file only.
 */

const REST = '\n@rest\n'

/** What playing the log takes. */
export function playRecording(text: string): Directive[] {
  const [played = ''] = text.split(REST)
  return played
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const [, name, rest = ''] = /^@([a-z-]+) ?(.*)$/.exec(line) ?? []
      return name === undefined ? { name: 'print', text: line } : parseDirective(name, rest)
    })
}

/** The do-file that a recording is the log of: its echoes without their prompts, and the rest. */
export function recordedDoFile(text: string): string {
  const [played = '', rest = ''] = text.split(REST)
  const echoed = played.split('\n').flatMap(
    (line) =>
      /^(?:[.>]| {1,2}\d+\.)(?: (.*)|$)/
        .exec(line)
        ?.slice(1)
        .map((code) => code ?? '') ?? [],
  )
  return `${withoutDoubleBlanks(echoed).join('\n')}\n${rest}`
}

function withoutDoubleBlanks(lines: readonly string[]): string[] {
  return lines.filter((line, index) => line !== '' || (lines[index - 1] ?? '') !== '')
}
