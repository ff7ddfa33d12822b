import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Answer } from '../answer.ts'
import { StalledSocket, type StalledViewers } from '../drop-stalled-viewer.ts'
import { HttpConnection } from '../http-connection.ts'
import type { Chunk } from './chunk.ts'

/**
 * The body of a stream, on a connection that is the stream's own from its first byte on: a chunk is written to the
 * socket as it is, in one system call. The connection closes with it, so nothing else need be kept for it.
 */
export class StreamBody {
  readonly #answer: Answer
  readonly #socket: Socket
  readonly #isChunked: boolean

  readonly #stalled: StalledSocket

  private constructor(answer: Answer, socket: Socket, isChunked: boolean, stalled: StalledSocket) {
    this.#answer = answer
    this.#socket = socket
    this.#isChunked = isChunked
    this.#stalled = stalled
  }

  /** Sends the head; null when the viewer left before its turn came (requests may come before the last is answered). */
  static async open(
    response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    stalled: StalledViewers,
  ): Promise<StreamBody | null> {
    const answer = Answer.of(response)
    const { httpVersionMajor, httpVersionMinor } = response.req
    const isChunked = httpVersionMajor === 1 && httpVersionMinor >= 1
    response.writeHead(200, {
      ...headers,
      Connection: 'close',
      ...(isChunked ? { 'Transfer-Encoding': 'chunked' } : {}),
    })
    if (response.socket === null) await once(response, 'socket', { signal: answer.signal }).catch(() => {})
    const connection: Duplex | null = response.socket
    if (!(connection instanceof HttpConnection)) return null
    await connection.flushed()
    if (connection.destroyed) return null
    const watched = new StalledSocket(connection.socket, stalled)
    gatherWrites(connection.socket, watched)
    response.flushHeaders()
    const socket = answer.release(connection)
    return new StreamBody(answer, socket, isChunked, watched)
  }

  /** Whether the socket takes no more for now. */
  get isFull(): boolean {
    return this.#socket.writableNeedDrain
  }

  write(chunk: Chunk): void {
    // What is ready together goes out together; for little of it that is not worth waiting for the turn's end.
    if (chunk.framed.length >= GATHERED_BYTES) gatherWrites(this.#socket, this.#stalled)
    this.#socket.write(this.#isChunked ? chunk.framed : chunk.body)
    this.#stalled.written()
  }

  /** Resolves when all of a chunk has left this process, or never will: its memory is free then. */
  async writeOut(chunk: Chunk): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.write(this.#isChunked ? chunk.framed : chunk.body, () => resolve())
      this.#stalled.written()
    })
  }

  /** Resolves when the socket takes more, or will never take anything again. */
  async drained(signal: AbortSignal): Promise<void> {
    // A viewer that has left, or a socket that broke, ends the stream by the signal.
    if (this.isFull) await once(this.#socket, 'drain', { signal }).catch(() => {})
  }

  end(): void {
    this.#answer.finish(this.#isChunked ? LAST_CHUNK : '')
    this.#stalled.written()
  }
}

const LAST_CHUNK = '0\r\n\r\n'

/** Chunks of at least so many bytes come several at a time. */
const GATHERED_BYTES = 16 * 1024

/** Until the end of this turn of the event loop. */
function gatherWrites(socket: Socket, stalled: StalledSocket): void {
  if (socket.writableCorked > 0) return
  socket.cork()
  process.nextTick(() => {
    socket.uncork()
    stalled.written()
  })
}
