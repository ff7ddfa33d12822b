import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Chunk } from './chunk.ts'

/**
 * The body of a response that is sent chunk by chunk, past the response itself: a chunk is written to the socket as it
 * is, in one system call. Head and end are the response's own, so its connection can be used again.
 */
export class StreamBody {
  readonly #response: ServerResponse
  readonly #socket: Socket
  readonly #isChunked: boolean

  private constructor(response: ServerResponse, socket: Socket) {
    this.#response = response
    this.#socket = socket
    this.#isChunked = isChunked(response)
  }

  /** Sends the head; null when the viewer left before its turn came (requests may come before the last is answered). */
  static async open(
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<StreamBody | null> {
    response.writeHead(200, isChunked(response) ? { ...headers, 'Transfer-Encoding': 'chunked' } : headers)
    if (response.socket === null) await once(response, 'socket', { signal }).catch(() => {})
    const { socket } = response
    if (socket === null) return null
    gatherWrites(socket)
    response.flushHeaders()
    return new StreamBody(response, socket)
  }

  /** Whether the socket takes no more for now. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain
  }

  write(chunk: Chunk): void {
    // What is ready together goes out together; for little of it that is not worth waiting for the turn's end.
    if (chunk.framed.length >= GATHERED_BYTES) gatherWrites(this.#socket)
    this.#socket.write(this.#isChunked ? chunk.framed : chunk.body)
  }

  /** Resolves when all of a chunk has left this process, or never will: its memory is free then. */
  async writeOut(chunk: Chunk): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.write(this.#isChunked ? chunk.framed : chunk.body, () => resolve())
    })
  }

  /** Resolves when the socket takes more, or will never take anything again. */
  async drained(signal: AbortSignal): Promise<void> {
    // A viewer that has left, or a socket that broke, ends the stream by the signal.
    if (this.isFull) await once(this.#socket, 'drain', { signal }).catch(() => {})
  }

  end(): void {
    this.#response.end()
  }
}

/** Chunks of at least so many bytes come several at a time. */
const GATHERED_BYTES = 16 * 1024

/** Until the end of this turn of the event loop. */
function gatherWrites(socket: Socket): void {
  if (socket.writableCorked > 0) return
  socket.cork()
  process.nextTick(() => socket.uncork())
}

function isChunked({ req: { httpVersionMajor, httpVersionMinor } }: ServerResponse): boolean {
  return httpVersionMajor === 1 && httpVersionMinor >= 1
}
