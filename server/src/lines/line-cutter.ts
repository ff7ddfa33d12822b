import { MAX_EVENT_BYTES, MAX_LINE_BYTES } from '@tailgate/shared'
import { decodeLine, decodeLines } from './decode-lines.ts'

/**
 * Cuts a stream of bytes into lines, knowing line numbers and byte offsets. Pure: the same bytes give the same lines
 * however they are chunked, and from any line start on.
 *
 * It holds back the unfinished last line, at most `maxLineBytes` of it. A longer line is cut there (at a character's
 * edge) and each piece counts as a line of its own. What it gives comes in batches, each fit to be one event.
 */

/** Consecutive lines; `cut` holds the numbers of those that go on in the next. */
export type LineBatch = {
  readonly first: number
  readonly start: number
  readonly next: number
  readonly text: string[]
  readonly cut: readonly number[]
}

export type LineBounds = {
  /** A line with more bytes than this before its LF is cut; at least CHARACTER_BYTES. */
  readonly maxLineBytes: number
  /** A batch of several lines has no more bytes than this; at most `maxLineBytes`. */
  readonly maxBatchBytes: number
}

export const LINE_BOUNDS: LineBounds = { maxLineBytes: MAX_LINE_BYTES, maxBatchBytes: MAX_EVENT_BYTES }

/** The longest UTF-8 character. */
export const CHARACTER_BYTES = 4

const LF = 0x0a
const NONE = Buffer.alloc(0)

export class LineCutter {
  readonly #bounds: LineBounds
  /** Byte offset of the unfinished line, and so of the next batch. */
  #offset: number
  /** 1-based number of the unfinished line. */
  #line: number
  #held: Buffer[] = []
  #heldBytes = 0

  constructor(
    position: { readonly offset: number; readonly line: number } = { offset: 0, line: 1 },
    bounds: LineBounds = LINE_BOUNDS,
  ) {
    this.#offset = position.offset
    this.#line = position.line
    this.#bounds = bounds
  }

  /** Where the next batch begins. */
  get position(): { offset: number; line: number } {
    return { offset: this.#offset, line: this.#line }
  }

  /** How many bytes of an unfinished line are held back. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Text of the unfinished line. A character or a line end that is not whole yet is left out. */
  heldText(): string {
    const bytes = Buffer.concat(this.#held)
    return withoutCarriageReturn(decodeLine(bytes.subarray(0, characterEdge(bytes, bytes.length))))
  }

  /** Takes the next bytes; gives the lines they complete. `chunk` is copied if it must be kept. */
  push(chunk: Buffer): LineBatch[] {
    const { maxLineBytes, maxBatchBytes } = this.#bounds
    if (!chunk.includes(LF) && this.#heldBytes + chunk.length <= maxLineBytes) {
      this.#hold(chunk)
      return []
    }
    const bytes = this.#takeHeld(chunk)
    const batches: LineBatch[] = []
    let start = 0
    while (start < bytes.length) {
      const batchEnd = bytes.subarray(start, start + maxBatchBytes).lastIndexOf(LF) + 1
      const piece = batchEnd === 0 ? pieceLength(bytes.subarray(start), maxLineBytes) : 0
      const lineEnd = batchEnd > 0 ? start + batchEnd : bytes.indexOf(LF, start) + 1
      if (piece > 0) {
        batches.push(this.#emit(piece, [decodeLine(bytes.subarray(start, start + piece))], true))
        start += piece
      } else if (lineEnd > 0) {
        batches.push(this.#emit(lineEnd - start, decodeLines(bytes.subarray(start, lineEnd))))
        start = lineEnd
      } else {
        break
      }
    }
    this.#hold(bytes.subarray(start))
    return batches
  }

  /**
   * No more bytes are wanted: the unfinished line, if there is one, is a line too. `following`, the log's next
   * CHARACTER_BYTES if it has them, tell a piece that is cut off right here from the log's last line.
   */
  finish(following: Buffer = NONE): LineBatch | null {
    const length = this.#heldBytes
    if (length === 0) return null
    const bytes = this.#takeHeld(following)
    const text = decodeLine(bytes.subarray(0, length))
    const cut = pieceLength(bytes, this.#bounds.maxLineBytes) === length
    return this.#emit(length, [cut ? text : withoutCarriageReturn(text)], cut)
  }

  #emit(bytes: number, text: string[], cut = false): LineBatch {
    const first = this.#line
    const start = this.#offset
    this.#offset += bytes
    this.#line += text.length
    return { first, start, next: this.#offset, text, cut: cut ? [first] : [] }
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#held.push(Buffer.from(bytes))
    this.#heldBytes += bytes.length
  }

  #takeHeld(more: Buffer): Buffer {
    if (this.#heldBytes === 0) return more
    const bytes = Buffer.concat([...this.#held, more])
    this.#held = []
    this.#heldBytes = 0
    return bytes
  }
}

/** Bytes to cut off the line at the beginning of `bytes`; 0 when it is not too long. */
function pieceLength(bytes: Buffer, maxLineBytes: number): number {
  const lineEnd = bytes.indexOf(LF)
  const length = lineEnd === -1 ? bytes.length : lineEnd
  return length > maxLineBytes ? characterEdge(bytes, maxLineBytes) : 0
}

/** The largest index up to `limit` that does not split a UTF-8 character. */
function characterEdge(bytes: Buffer, limit: number): number {
  for (let back = 1; back < CHARACTER_BYTES && back <= limit; back++) {
    const byte = bytes[limit - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? limit - back : limit
  }
  return limit
}

function withoutCarriageReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
