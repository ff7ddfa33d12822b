import { connect, type Socket } from 'node:net'

/**
 * One connection of HTTP for requests one after another, on a plain socket: `fetch` leaves so much garbage for each
 * answer that its collection, on both processors, would be most of what is measured.
 */

const HEAD_END = '\r\n\r\n'
const HEAD_BYTES = 4 * 1024

export class KeptConnection {
  readonly #socket: Socket
  readonly #head: string
  #received: Buffer = Buffer.allocUnsafe(1024 * 1024)
  #length = 0
  #answer = Promise.withResolvers<string>()

  constructor(port: number, headers: Readonly<Record<string, string>>) {
    const fields = Object.entries({ Host: `127.0.0.1:${port}`, ...headers })
    this.#head = ` HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    const buffer = Buffer.allocUnsafe(256 * 1024)
    const callback = (length: number) => {
      this.#receive(buffer.subarray(0, length))
      return true
    }
    this.#socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } })
    this.#socket.setNoDelay(true)
    this.#socket.on('error', (error) => this.#answer.reject(error))
    this.#socket.on('close', () => this.#answer.reject(new Error('The connection was closed.')))
    this.#answer.promise.catch(() => {})
  }

  /** The body of the answer; rejects unless it is 200. */
  async get(path: string): Promise<string> {
    this.#answer = Promise.withResolvers()
    this.#length = 0
    this.#socket.write(`GET ${path}${this.#head}`)
    return await this.#answer.promise
  }

  [Symbol.dispose](): void {
    this.#socket.destroy()
  }

  #receive(bytes: Buffer): void {
    if (this.#length + bytes.length > this.#received.length) {
      this.#received = Buffer.concat([this.#received], 2 * (this.#length + bytes.length))
    }
    this.#length += bytes.copy(this.#received, this.#length)
    const head = this.#received.toString('latin1', 0, Math.min(this.#length, HEAD_BYTES))
    const start = head.indexOf(HEAD_END) + HEAD_END.length
    const bodyBytes = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1]
    if (start < HEAD_END.length) return
    if (!head.startsWith('HTTP/1.1 200 ') || bodyBytes === undefined) {
      this.#answer.reject(new Error(`The gateway answered: ${head}`))
    } else if (this.#length >= start + Number(bodyBytes)) {
      this.#answer.resolve(this.#received.toString('utf8', start, this.#length))
    }
  }
}
