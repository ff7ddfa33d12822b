/**
 * Logical lines in, a tree of commands and blocks out. Pure, and done once for each do-file: a loop runs its parsed body.
 *
 * Structure is lexical, as in Stata: a block opens with a `{` that ends a line whose first word can own a block (or is a
 * macro, which may expand to one), and closes with a line that starts with `}`. A program runs from `program` to `end`.
 */
import type { LogicalLine } from './logical-lines.ts'

interface CommandNode {
  readonly kind: 'command'
  readonly line: LogicalLine
}

export interface BlockNode {
  readonly kind: 'block'
  readonly line: LogicalLine
  /** The opening line without its brace, macros not yet expanded. */
  readonly header: string
  readonly body: readonly SourceNode[]
  /** The line with the closing brace; absent when the file ended first. */
  readonly close?: LogicalLine
}

export interface ProgramNode {
  readonly kind: 'program'
  readonly line: LogicalLine
  readonly body: readonly SourceNode[]
  /** The `end` line; absent when the file ended first. */
  readonly close?: LogicalLine
}

/** A blank or comment line: echoed, never run. */
interface BlankNode {
  readonly kind: 'blank'
  readonly line: LogicalLine
}

export type SourceNode = CommandNode | BlockNode | ProgramNode | BlankNode

export function parseBlocks(lines: readonly LogicalLine[]): SourceNode[] {
  return new BlockParser(lines).parse(() => false).nodes
}

/** Every logical line inside a block or program, its closing line included, in source order. */
export function innerLines(node: BlockNode | ProgramNode): LogicalLine[] {
  const lines: LogicalLine[] = []
  for (const child of node.body) {
    lines.push(child.line)
    if (child.kind === 'block' || child.kind === 'program') lines.push(...innerLines(child))
  }
  if (node.close) lines.push(node.close)
  return lines
}

class BlockParser {
  readonly #lines: readonly LogicalLine[]
  #next = 0

  constructor(lines: readonly LogicalLine[]) {
    this.#lines = lines
  }

  parse(closes: (text: string) => boolean): { nodes: SourceNode[]; close?: LogicalLine } {
    const nodes: SourceNode[] = []
    for (let line = this.#lines[this.#next++]; line !== undefined; line = this.#lines[this.#next++]) {
      if (closes(line.text)) return { nodes, close: line }
      if (line.text === '') nodes.push({ kind: 'blank', line })
      else if (definesProgram(line.text))
        nodes.push({ kind: 'program', line, ...this.#inner((text) => text === 'end') })
      else if (opensBlock(line.text)) {
        const header = line.text.slice(0, -1).trim()
        nodes.push({ kind: 'block', line, header, ...this.#inner((text) => text.startsWith('}')) })
      } else nodes.push({ kind: 'command', line })
    }
    return { nodes }
  }

  #inner(closes: (text: string) => boolean): { body: SourceNode[]; close?: LogicalLine } {
    const { nodes, close } = this.parse(closes)
    return close ? { body: nodes, close } : { body: nodes }
  }
}

const BLOCK_OWNER =
  /^(?:forv[a-z]*|foreach|while|if|else|(?:qui(?:e(?:t(?:ly?)?)?)?)|(?:cap(?:t(?:u(?:re?)?)?)?)|(?:n(?:o(?:i(?:s(?:i(?:ly?)?)?)?)?)?)|[`$].*)$/

function opensBlock(text: string): boolean {
  if (!text.endsWith('{')) return false
  const word = /^[^\s({:"]+/.exec(text)?.[0]
  return word !== undefined && BLOCK_OWNER.test(word)
}

const PROGRAM_WORD = /^pr(?:o(?:g(?:r(?:am?)?)?)?)?\s+(?:de(?:f(?:i(?:ne?)?)?)?\s+)?([^\s,]+)\s*(?:,(.*))?$/
const PREFIXES = /^(?:(?:cap[a-z]*|qui[a-z]*|noi[a-z]*)\s+)*/

function definesProgram(text: string): boolean {
  const name = PROGRAM_WORD.exec(text.replace(PREFIXES, ''))?.[1]
  return name !== undefined && !/^(?:drop|dir|l(?:i(?:st?)?)?)$/.test(name)
}

/** The name and options of a `program define` line without prefixes. */
export function parseProgramHeader(text: string): { name: string; options: string } {
  const [, name = '', options = ''] = PROGRAM_WORD.exec(text) ?? []
  return { name, options }
}
