/**
 * The latest lines of output, kept because an error message is known as one only when `r(N);` follows it.
 *
 * A paragraph ends at a blank line. Everything is forgotten at the next echo, save that blocks which echo while they
 * run show the rest of the block between the message and `r(N);`.
 */

/** The most lines that are kept. */
const MAX_BLOCK_LINES = 16

/** JSON-able. `lines` is a ring: the line that came n-th lies at n modulo MAX_BLOCK_LINES. */
export type OutputBlock = {
  lines: string[]
  /** Lines since the last echo. */
  count: number
  /** Count at which the last paragraph, and the one before it, began. */
  start: number
  earlier: number
  /** Log line of the latest line. */
  line: number
}

export type Paragraph = {
  readonly lines: readonly string[]
  /** Log line of the first of them. */
  readonly firstLine: number
  /** There were more than are kept. */
  readonly truncated: boolean
}

export function startBlock(): OutputBlock {
  return { lines: [], count: 0, start: 0, earlier: 0, line: 0 }
}

export function addOutput(block: OutputBlock, text: string, line: number): void {
  block.lines[block.count % MAX_BLOCK_LINES] = text
  block.count += 1
  block.line = line
}

export function endParagraph(block: OutputBlock): void {
  if (block.start === block.count) return
  block.earlier = block.start
  block.start = block.count
}

export function clearBlock(block: OutputBlock): void {
  block.count = 0
  block.start = 0
  block.earlier = 0
}

/** The paragraph that ends with the latest line, even if a blank line follows it. */
export function lastParagraph(block: OutputBlock): Paragraph {
  const begin = block.start === block.count ? block.earlier : block.start
  const from = Math.max(begin, block.count - MAX_BLOCK_LINES)
  const lines: string[] = []
  for (let at = from; at < block.count; at += 1) lines.push(block.lines[at % MAX_BLOCK_LINES] ?? '')
  return { lines, firstLine: block.line - lines.length + 1, truncated: from > begin }
}
