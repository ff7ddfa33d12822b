const CRLF = '\r\n'
/** A length of six digits, leading zeros and all. */
export const CHUNK_HEAD_BYTES = 6 + CRLF.length
export const CHUNK_TAIL_BYTES = CRLF.length

/**
 * A piece of a stream as it is written to every viewer: framed once as a chunk of HTTP/1.1 (RFC 9112, 7.1), and not
 * for each viewer anew, as Node's responses would. A stream needs chunks, since without them one that was cut could
 * not be told from one that ended.
 */
export class Chunk {
  /** With its length before and CRLF behind. */
  readonly framed: Buffer
  readonly #start: number

  private constructor(framed: Buffer, start: number) {
    this.framed = framed
    this.#start = start
  }

  /** `text` must not be empty: an empty chunk would be the last one. */
  static of(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): Chunk {
    const head = `${Buffer.byteLength(text, encoding).toString(16)}${CRLF}`
    return new Chunk(Buffer.from(`${head}${text}${CRLF}`, encoding), head.length)
  }

  /**
   * The bytes from `start` to `end` of some memory, where they are: the frame is written around them, into
   * CHUNK_HEAD_BYTES before and CHUNK_TAIL_BYTES behind. Valid as long as the memory is left alone.
   */
  static within(memory: Buffer, start: number, end: number): Chunk {
    const from = start - CHUNK_HEAD_BYTES
    memory.write(`${(end - start).toString(16).padStart(CHUNK_HEAD_BYTES - CRLF.length, '0')}${CRLF}`, from, 'latin1')
    memory.write(CRLF, end, 'latin1')
    return new Chunk(memory.subarray(from, end + CHUNK_TAIL_BYTES), CHUNK_HEAD_BYTES)
  }

  /** Without the frame, for who speaks HTTP/1.0. */
  get body(): Buffer {
    return this.framed.subarray(this.#start, -CRLF.length)
  }
}
