/**
 * What Stata calls the results window and batch mode writes to its log: text in, finished lines out.
 *
 * A line leaves as soon as it is complete: at a newline, or when it grows past `linesize` and continues as `> …`. An
 * unfinished line (`display _continue`) is held until then, so a kill loses it, as it does in Stata.
 */
import { textWidth } from './format.ts'

export type WriteLine = (line: string) => void

/** Stata's linesize in batch mode. */
const DEFAULT_LINESIZE = 79
const CONTINUATION = '> '

export class Screen {
  linesize = DEFAULT_LINESIZE
  readonly #sinks: Set<WriteLine>
  #pending = ''

  constructor(sink: WriteLine) {
    this.#sinks = new Set([sink])
  }

  addSink(sink: WriteLine): void {
    this.#sinks.add(sink)
  }

  removeSink(sink: WriteLine): void {
    this.#sinks.delete(sink)
  }

  /** The column the next character goes to, from 1. */
  get column(): number {
    return textWidth(this.#pending) + 1
  }

  write(text: string): void {
    let from = 0
    for (let newline = text.indexOf('\n'); newline !== -1; newline = text.indexOf('\n', from)) {
      this.#append(text.slice(from, newline))
      this.#emit(this.#pending)
      this.#pending = ''
      from = newline + 1
    }
    this.#append(text.slice(from))
  }

  writeLine(text: string): void {
    this.write(`${text}\n`)
  }

  /** Ends the pending line, if there is one. */
  freshLine(): void {
    if (this.#pending !== '') this.write('\n')
  }

  #append(text: string): void {
    this.#pending += text
    while (this.#pending.length > this.linesize && textWidth(this.#pending) > this.linesize) {
      const cut = unitsFor(this.#pending, this.linesize)
      this.#emit(this.#pending.slice(0, cut))
      this.#pending = CONTINUATION + this.#pending.slice(cut)
    }
  }

  #emit(line: string): void {
    for (const sink of this.#sinks) sink(line)
  }
}

/** How many UTF-16 units the first `columns` characters take. */
function unitsFor(text: string, columns: number): number {
  let units = 0
  for (let column = 0; column < columns; column++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1
  return units
}
