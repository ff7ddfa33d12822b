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

  /** Without the frame, for who speaks HTTP/1.0. */
  get body(): Buffer {
    return this.framed.subarray(this.#start, -CRLF.length)
  }
}

const CRLF = '\r\n'
