import type { Progress } from '@tailgate/shared'

/**
 * Counts the dots of `bootstrap`, `simulate`, `permute`, `jackknife` and the like.
 *
 *   up to 17   a title `Simulations (500)`, a scale `----+--- 1 ---+---…`, then rows of 50 dots and their total
 *   from 18    `Bootstrap replications (500): .........10.........20…`, wrapped at the line's width with `> `
 *
 * A replication that failed shows a letter (x, s, e, n or ?) instead of its dot.
 */

type Replications = NonNullable<Progress['replications']>

/** JSON-able. */
export type ReplicationState = {
  /** What the dots so far add up to; null when none have been announced. */
  count: Replications | null
  /** How the next line is read. */
  style: 'none' | 'rows' | 'inline'
  /** Replications that one dot stands for: with `dots(10)`, ten. Known after the first full row. */
  perDot: number
  /** A number that the line's end may have cut. */
  digits: string
}

const DOT = 46
const SCALE = '----+--- 1 ---+--'
const TITLE = /^(.{1,60}?)\s\(([\d,]{1,12})\)(?:\.|$|: ?(?=[.xsen?]|$))/

export function startReplications(): ReplicationState {
  return { count: null, style: 'none', perDot: 1, digits: '' }
}

/**
 * Reads a line of output; true when the count has changed. `above` is the line of output before it, `command` the text
 * of the command that runs.
 */
export function readReplications(state: ReplicationState, text: string, above: string, command: string): boolean {
  const first = text.charCodeAt(0)
  if (state.style !== 'none') {
    const read = state.style === 'rows' ? readRow(state, text) : readWrapped(state, text, first)
    if (read) return true
    state.style = 'none'
  }
  if (first === 45 && text.startsWith(SCALE)) {
    begin(state, 'rows', TITLE.exec(above)?.[2] ?? /\breps?\(\s*([\d,]+)\s*\)/.exec(command)?.[1])
    return true
  }
  if (first >= 65 && first <= 90 && text.includes('):')) {
    const title = TITLE.exec(text)
    if (title === null) return false
    begin(state, 'inline', title[2])
    readInline(state, text, title[0].length)
    return true
  }
  return false
}

/** A new command: whatever was counted belongs to the one before. True when that changes anything. */
export function forgetReplications(state: ReplicationState): boolean {
  const had = state.count !== null
  state.count = null
  state.style = 'none'
  return had
}

function begin(state: ReplicationState, style: 'rows' | 'inline', total: string | undefined): void {
  state.style = style
  state.perDot = 1
  state.digits = ''
  state.count = { done: 0, total: total === undefined ? null : Number(total.replaceAll(',', '')), failed: 0 }
}

const ROW = /^([.xsen?]+)(?:\s+([\d,]+))?\s*$/

/** A message at the end of dots; its own first letters may be among the marks. */
const GLUED_ROW = /^(\.[.xsen?]*\.|\.)[^.\s]/

/** Dots, then nothing, or the number of replications so far, or the text that followed the dots at once. */
function readRow(state: ReplicationState, text: string): boolean {
  const { count } = state
  const row = ROW.exec(text)
  const marks = row?.[1] ?? GLUED_ROW.exec(text)?.[1]
  if (count === null || marks === undefined) return false
  const at = marks.length
  const failed = at - marks.replaceAll(/[^.]/g, '').length
  const number = row?.[2] === undefined ? null : Number(row[2].replaceAll(',', ''))
  if (number !== null && number > count.done) state.perDot = (number - count.done) / at
  const done = number !== null && number >= count.done ? number : count.done + Math.round(at * state.perDot)
  state.count = { ...count, done: atMost(done, count.total), failed: count.failed + failed }
  if (row === null) state.style = 'none'
  return true
}

function readWrapped(state: ReplicationState, text: string, first: number): boolean {
  if (first !== 62 || state.count === null || state.count.done === state.count.total) return false
  readInline(state, text, 2)
  return true
}

/** Dots with every tenth replaced by its number; a blank ends them. */
function readInline(state: ReplicationState, text: string, from: number): void {
  const { count } = state
  if (count === null) return
  let { done, failed } = count
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if ((code >= 48 && code <= 57) || code === 44) {
      if (state.digits.length < 12) state.digits += text.charAt(at)
      continue
    }
    done = numberOr(state.digits, done)
    state.digits = ''
    if (!isMark(code)) break
    done += 1
    if (code !== DOT) failed += 1
  }
  state.count = { total: count.total, done: atMost(numberOr(state.digits, done), count.total), failed }
}

function numberOr(digits: string, done: number): number {
  return Math.max(Number(digits.replaceAll(',', '')), done)
}

function atMost(done: number, total: number | null): number {
  return total === null ? done : Math.min(done, total)
}

/** One of `.xsen?` */
function isMark(code: number): boolean {
  return code === DOT || code === 120 || code === 115 || code === 101 || code === 110 || code === 63
}
