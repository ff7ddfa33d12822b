import type { Cursor, LinesEvent } from '@tailgate/shared'
import { decodeLines } from '../lines/decode-lines.ts'
import type { LinePosition } from '../lines/read-lines.ts'
import type { Block } from './block-pool.ts'
import type { KindNumbers } from './line-kinds.ts'

/**
 * Lines of a log, as many as go well together, as they lie in a block of the kernel's memory: for who encodes them there
 * and writes them from there. Whoever is given one disposes of it, and only when nothing of the block is being written
 * any more: the next stretch, of any log, is read into the same memory.
 */
export class Stretch implements Disposable {
  readonly block: Block
  /** Each fits an event; there is at least one, and each begins where the last one ends. */
  readonly pieces: readonly Piece[]
  /** Where the next stretch begins. */
  readonly end: LinePosition

  constructor(block: Block, pieces: readonly Piece[], end: LinePosition) {
    this.block = block
    this.pieces = pieces
    this.end = end
  }

  /** The bytes of a piece, whole lines with their ends; gone when the stretch is. */
  bytesOf({ start, end }: Piece): Buffer {
    return this.block.kernel.memory.subarray(start, end)
  }

  /** A piece as an event, for lines that cannot be encoded as they are. */
  eventOf(piece: Piece): LinesEvent {
    const { first, cursor, kinds } = piece
    const text = decodeLines(this.bytesOf(piece))
    const lines = { first, start: cursor.offset - (piece.end - piece.start), next: cursor.offset, text }
    return { type: 'lines', ...lines, ...(kinds === null ? {} : { kinds }) }
  }

  [Symbol.dispose](): void {
    this.block[Symbol.dispose]()
  }
}

export type Piece = {
  /** Stands behind it. */
  readonly cursor: Cursor
  /** Number of its first line. */
  readonly first: number
  /** Where its bytes lie in the kernel's memory. */
  readonly start: number
  readonly end: number
  /** Null when there are none, or nobody asked for them. */
  readonly kinds: KindNumbers | null
}
