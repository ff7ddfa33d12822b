/** The heads of `if`, `else if` and `else`. Pure. */
import { type Expression, parseFrom } from './expressions/parse.ts'
import { Tokens } from './expressions/tokens.ts'

export interface Conditional {
  readonly isElse: boolean
  /** Undefined for a bare `else`. */
  readonly condition: Expression | undefined
  /** The command after the condition; empty before a block. */
  readonly rest: string
}

const HEAD = /^(?:(else)\b\s*)?(?:(if)(?![\p{L}\p{N}_]))?/u

/** Undefined if the text is no conditional. Cheap for all other commands. */
export function parseConditional(text: string): Conditional | undefined {
  const first = text.charCodeAt(0)
  if (first !== LETTER_E && first !== LETTER_I) return undefined
  const head = HEAD.exec(text)
  if (!head || (head[1] === undefined && head[2] === undefined)) return undefined
  const isElse = head[1] !== undefined
  if (head[2] === undefined) return { isElse, condition: undefined, rest: text.slice(head[0].length).trim() }
  const tokens = new Tokens(text, head[0].length)
  const condition = parseFrom(tokens)
  return { isElse, condition, rest: text.slice(tokens.position).trim() }
}

const LETTER_E = 101
const LETTER_I = 105
