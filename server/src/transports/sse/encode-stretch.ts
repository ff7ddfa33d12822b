import { isUtf8 } from 'node:buffer'
import { formatCursor, type LinesEvent } from '@tailgate/shared'
import type { Piece, Stretch } from '../../feed/stretch.ts'
import { CHUNK_HEAD_BYTES, CHUNK_TAIL_BYTES, Chunk } from './chunk.ts'

/**
 * Encodes a stretch of a log where it lies, in the kernel's memory: pieces go behind one another into few large chunks.
 * Lines that are not as plain as the kernel takes them are encoded as other events are, between those chunks.
 */

/** What a piece looks like on the wire around its lines; ASCII. */
export type PieceFormat = {
  before(piece: Piece): string
  /** How the kernel encodes the lines. */
  readonly lines: 'dataFields' | 'jsonStrings'
  after(piece: Piece): string
  /** A piece whose lines the kernel does not take. */
  odd(piece: Piece, event: LinesEvent): Chunk
}

/** The text format: each line is a field of its own. */
export const textPieces: Omit<PieceFormat, 'odd'> = {
  before: ({ cursor }) => `id: ${formatCursor(cursor)}\n`,
  lines: 'dataFields',
  after: () => '\n',
}

/** Events as JSON on one line. `name`: of the SSE event, where it has one. */
export function jsonPieces(name: string | null): Omit<PieceFormat, 'odd'> {
  const head = name === null ? '' : `event: ${name}\n`
  return {
    before: (piece) => {
      const { cursor, first } = piece
      const fields = `"first":${first},"start":${startOf(piece)},"next":${cursor.offset}`
      return `${head}id: ${formatCursor(cursor)}\ndata: {"type":"lines",${fields},"text":[`
    },
    lines: 'jsonStrings',
    after: ({ kinds }) => `]${kinds === null ? '' : `,"kinds":${JSON.stringify(kinds)}`}}\n\n`,
  }
}

/**
 * Each chunk is to be written out before the next is asked for: they lie in the same memory, the stretch's own. The last
 * one is returned, not yielded; null when there is none.
 */
export function* encodeStretch(stretch: Stretch, format: PieceFormat): Generator<Chunk, Chunk | null, void> {
  const { kernel, output, outputEnd } = stretch.block
  const { memory } = kernel
  const start = output + CHUNK_HEAD_BYTES
  const limit = outputEnd - CHUNK_TAIL_BYTES
  let at = start
  for (let i = 0; i < stretch.pieces.length; ) {
    const piece = stretch.pieces[i]
    if (piece === undefined) break
    const [before, after] = [format.before(piece), format.after(piece)]
    const linesAt = at + before.length
    const linesLimit = limit - after.length
    const encoded = linesAt < linesLimit ? kernel[format.lines](piece.start, piece.end, linesAt, linesLimit) : null
    const isWhole = encoded?.read === piece.end
    if (isWhole && encoded.plain && (encoded.ascii || isUtf8(stretch.bytesOf(piece)))) {
      memory.write(before, at, 'latin1')
      memory.write(after, encoded.written, 'latin1')
      at = encoded.written + after.length
      i += 1
      continue
    }
    // What came before it goes out first, be it to make room or to keep the order.
    if (at > start) {
      yield Chunk.within(memory, start, at)
      at = start
      if (!isWhole) continue
    }
    yield format.odd(piece, stretch.eventOf(piece))
    i += 1
  }
  return at > start ? Chunk.within(memory, start, at) : null
}

function startOf({ cursor, start, end }: Piece): number {
  return cursor.offset - (end - start)
}
