import type { LineKind } from '@tailgate/shared'
import { createLogParser, type LogParser, type LogParserOptions } from './log-parser.ts'

/** Logs for tests, written line by line. */

/** A parser that has read the lines. */
export function read(lines: readonly string[], options: LogParserOptions = {}): LogParser {
  const parser = createLogParser(options)
  for (const line of lines) parser.push(line)
  return parser
}

/** The kind of every line, revisions included; in the order of the lines. */
export function kinds(lines: readonly string[]): LineKind[] {
  const parser = createLogParser()
  const found = lines.map((line) => parser.push(line))
  for (const { line, kind } of parser.takeRevisions()) found[line - 1] = kind
  return found
}

/** The verdict over the lines. */
export const verdict = (...lines: string[]) => read(lines).verdict()

/** What the wrapper and Stata put around a do-file. */
export const wrapped = (...lines: string[]) => [
  '',
  '. cd `"/data/wage"\'',
  '/data/wage',
  '',
  '. do `"/data/wage/main.do"\' 2019',
  '',
  ...lines,
]

/** How an error ends a do-file and the wrapper. */
export const failing = (rc: number) => [
  `r(${rc});`,
  '',
  'end of do-file',
  `r(${rc});`,
  '',
  'end of do-file',
  `r(${rc});`,
]
