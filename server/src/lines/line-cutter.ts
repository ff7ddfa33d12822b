import { MAX_LINE_BYTES } from '@tailgate/shared'
import { decodeLine, decodeLines } from './decode-lines.ts'

/**
 * Cuts a stream of bytes into lines, knowing line numbers and byte offsets. Pure: the same bytes give the same lines
 * however they are chunked, and from any line start on.
 *
 * It holds back the unfinished last line, at most MAX_LINE_BYTES of it. A longer line is cut there (at a character's
 * edge) and each piece counts as a line of its own.
 */

/** Consecutive lines; `cut` holds the numbers of those that go on in the next. */
export type LineBatch = {
  readonly first: number
  readonly start: number
  readonly next: number
  readonly text: string[]
  readonly cut: readonly number[]
}

const LF = 0x0a
const NONE = Buffer.alloc(0)

export class LineCutter {
  /** Byte offset of the unfinished line, and so of the next batch. */
  #offset: number
  /** 1-based number of the unfinished line. */
  #line: number
  #held: Buffer[] = []
  #heldBytes = 0

  constructor(position: { readonly offset: number; readonly line: number } = { offset: 0, line: 1 }) {
    this.#offset = position.offset
    this.#line = position.line
  }

  /** Where the next batch begins. */
  get position(): { offset: number; line: number } {
    return { offset: this.#offset, line: this.#line }
  }

  /** How many bytes of an unfinished line are held back. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  /** Text of the unfinished line. A character that is not whole yet is left out. */
  heldText(): string {
    const bytes = this.#join(NONE)
    return decodeLine(bytes.subarray(0, characterEdge(bytes, bytes.length)))
  }

  /** Takes the next bytes; gives the lines they complete, or null. `chunk` is copied if it must be kept. */
  push(chunk: Buffer): LineBatch | null {
    const end = chunk.lastIndexOf(LF) + 1
    if (end === 0) {
      this.#hold(chunk)
      return this.#heldBytes > MAX_LINE_BYTES ? this.#batch(NONE) : null
    }
    const batch = this.#batch(chunk.subarray(0, end))
    this.#hold(chunk.subarray(end))
    return batch
  }

  /** The log is over: the unfinished line, if there is one, is a line too. */
  finish(): LineBatch | null {
    if (this.#heldBytes === 0) return null
    const bytes = this.#join(NONE)
    this.#release()
    return this.#emit(bytes.length, [decodeLine(bytes).replace(/\r$/, '')], [])
  }

  /** Cuts everything held plus `complete`, which is empty or ends with LF. */
  #batch(complete: Buffer): LineBatch {
    const bytes = this.#join(complete)
    this.#release()
    if (bytes.length <= MAX_LINE_BYTES && complete.length > 0) return this.#emit(bytes.length, decodeLines(bytes), [])
    return this.#batchWithLongLines(bytes)
  }

  #batchWithLongLines(bytes: Buffer): LineBatch {
    const text: string[] = []
    const cut: number[] = []
    let start = 0
    while (start < bytes.length) {
      const lineEnd = bytes.indexOf(LF, start)
      const length = (lineEnd === -1 ? bytes.length : lineEnd) - start
      if (length > MAX_LINE_BYTES) {
        const piece = bytes.subarray(start, start + characterEdge(bytes.subarray(start), MAX_LINE_BYTES))
        cut.push(this.#line + text.length)
        text.push(decodeLine(piece))
        start += piece.length
      } else if (lineEnd === -1) {
        break
      } else {
        text.push(decodeLine(bytes.subarray(start, lineEnd)).replace(/\r$/, ''))
        start = lineEnd + 1
      }
    }
    this.#hold(bytes.subarray(start))
    return this.#emit(start, text, cut)
  }

  #emit(bytes: number, text: string[], cut: number[]): LineBatch {
    const batch = { first: this.#line, start: this.#offset, next: this.#offset + bytes, text, cut }
    this.#offset = batch.next
    this.#line += text.length
    return batch
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#held.push(Buffer.from(bytes))
    this.#heldBytes += bytes.length
  }

  #release(): void {
    this.#held = []
    this.#heldBytes = 0
  }

  #join(more: Buffer): Buffer {
    if (this.#heldBytes === 0) return more
    const joined = Buffer.concat([...this.#held, more], this.#heldBytes + more.length)
    return joined
  }
}

/** The largest index up to `limit` that does not split a UTF-8 character. */
function characterEdge(bytes: Buffer, limit: number): number {
  for (let back = 1; back <= 3 && back <= limit; back++) {
    const byte = bytes[limit - back] ?? 0
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? limit - back : limit
  }
  return limit
}
