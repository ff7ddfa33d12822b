import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/**
 * A connection as Node's HTTP has it: a stream around the socket, which can be taken out again. A response that stays
 * open holds its parser, its request and all that was made for them, while a stream needs nothing but the socket. Once
 * that is out, the connection is closed as far as HTTP knows, and everything is let go as for a client that has left.
 *
 * Node documents that a server may be given any Duplex as a connection.
 */
export class HttpConnection extends Duplex {
  readonly socket: Socket
  #isReleased = false

  constructor(socket: Socket) {
    super({ allowHalfOpen: true })
    this.socket = socket
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('timeout', this.#onTimeout)
    // A socket that breaks is closed then, and how it broke is of no use to anybody.
    socket.on('error', ignore)
    socket.on('close', this.#onClose)
  }

  /** Takes the socket out. What was written before must have been flushed, but for the last write. */
  release(): Socket {
    const { socket } = this
    this.#isReleased = true
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('timeout', this.#onTimeout)
    socket.off('close', this.#onClose)
    socket.setTimeout(0)
    this.destroy()
    return socket
  }

  /** Resolves when the system has taken what was written so far, or never will. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.write('', () => resolve())
    })
  }

  // What Node's HTTP asks of a connection beside reading and writing, and what is asked about it.

  setTimeout(ms: number, onTimeout?: () => void): this {
    this.socket.setTimeout(ms)
    if (onTimeout !== undefined && ms > 0) this.once('timeout', onTimeout)
    return this
  }

  /** Closes it once everything is written. */
  destroySoon(): void {
    if (this.writableFinished) {
      this.destroy()
      return
    }
    this.once('finish', () => this.destroy())
    this.end()
  }

  get remoteAddress(): string | undefined {
    return this.socket.remoteAddress
  }

  override _read(): void {
    this.socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.socket.write(chunk, callback)
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    const { socket } = this
    const last = chunks.pop()
    socket.cork()
    for (const { chunk } of chunks) socket.write(chunk)
    socket.write(last?.chunk ?? '', callback)
    socket.uncork()
  }

  override _final(callback: () => void): void {
    this.socket.end(callback)
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (!this.#isReleased) this.socket.destroy()
    callback(error)
  }

  readonly #onData = (chunk: Buffer): void => {
    if (!this.push(chunk)) this.socket.pause()
  }

  readonly #onEnd = (): void => {
    this.push(null)
  }

  readonly #onTimeout = (): void => {
    this.emit('timeout')
  }

  readonly #onClose = (): void => {
    this.destroy()
  }
}

/**
 * Has the server speak HTTP over connections that can be let go of. To be called before anybody else asks for them.
 * What it gives cuts all connections, also those that the server has let go of.
 */
export function useHttpConnections(server: Server): () => void {
  const open = new Set<Socket>()
  const forget = function (this: Socket) {
    open.delete(this)
  }
  const speakHttp = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', forget)
    const connection = new HttpConnection(socket)
    for (const listener of speakHttp) listener.call(server, connection)
  })
  return () => {
    for (const socket of open) socket.destroy()
  }
}

/** The socket itself of what a request or a response calls its socket. */
export function socketOf(connection: Duplex): Socket {
  // A server whose connections are none of ours has sockets.
  return connection instanceof HttpConnection ? connection.socket : (connection as Socket)
}

function ignore(): void {}
