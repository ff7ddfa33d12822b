import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { LAST_LINE } from '../engine/writing-task.ts'
import type { Keeping, ViewerTarget } from './viewer-target.ts'
import { clientFrame } from './websocket-frames.ts'

/**
 * One viewer: a plain socket that does as little as it can with what it is sent, so that the viewers are never what
 * is measured. Bytes are kept as they come; decoding them waits until the clock has stopped.
 */

const NEEDLE = Buffer.from(LAST_LINE)
const HEAD_END = '\r\n\r\n'
const DATA_FIELD = Buffer.from('\ndata: ')
const AGE = /written at (\d+)/g
/** socket.io's server lets go of a client that is silent for longer. */
const PING_MS = 15_000

/** All viewers read into the same memory, one after another. */
const buffer = Buffer.allocUnsafe(256 * 1024)

export class Viewer {
  readonly #socket: Socket
  readonly #keep: Keeping
  readonly #connected = Promise.withResolvers<void>()
  readonly #finished = Promise.withResolvers<number>()
  #head = ''
  #hasHead = false
  #ping: NodeJS.Timeout | null = null
  #kept: Buffer[] = []
  #arrivals: { readonly at: bigint; readonly bytes: Buffer }[] = []
  /** The end of what came before, in which a text may begin. */
  #rest: Buffer = Buffer.alloc(0)
  #searchFrom = 0
  #done = false
  bytes = 0
  lines = 0

  constructor(target: ViewerTarget, keep: Keeping, stalled: boolean) {
    this.#keep = keep
    this.#finished.promise.catch(() => {})
    const socket = connect({
      port: target.port,
      host: '127.0.0.1',
      onread: {
        buffer,
        callback: (length) => {
          this.#receive(buffer.subarray(0, length))
          return !(stalled && this.#hasHead)
        },
      },
    })
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('error', (error) => this.#fail(error.message))
    socket.on('close', () => this.#fail('the connection was closed'))
    socket.write(request(target))
    if (target.kind === 'socket.io') {
      const namespace = new URL(target.path, 'http://localhost').searchParams.get('namespace') ?? ''
      void this.#connected.promise.then(
        () => {
          socket.write(clientFrame(`40/${namespace}`))
          this.#ping = setInterval(() => socket.write(clientFrame('2')), PING_MS)
        },
        () => {},
      )
    }
  }

  /** The response's head is here. */
  get connected(): Promise<void> {
    return this.#connected.promise
  }

  /** Resolves with the time at which the last line is here; it does not come before so many bytes. */
  async finished(searchFrom: number): Promise<number> {
    this.#searchFrom = searchFrom
    return await this.#finished.promise
  }

  /** What came after the head, as far as it was kept. */
  received(): Buffer {
    return Buffer.concat(this.#kept)
  }

  /** How old each line was when it came, milliseconds. */
  ages(): number[] {
    return this.#arrivals.flatMap(({ at, bytes }) =>
      Array.from(bytes.toString('latin1').matchAll(AGE), ([, writtenAt]) => (Number(at) - Number(writtenAt)) / 1e6),
    )
  }

  close(): void {
    this.#done = true
    if (this.#ping !== null) clearInterval(this.#ping)
    this.#socket.destroy()
  }

  #receive(chunk: Buffer): void {
    let bytes = chunk
    if (!this.#hasHead) {
      this.#head += chunk.toString('latin1')
      const end = this.#head.indexOf(HEAD_END)
      if (end === -1) return
      this.#hasHead = true
      bytes = Buffer.from(this.#head.slice(end + HEAD_END.length), 'latin1')
      if (/^HTTP\/1\.1 (200|101) /.test(this.#head)) this.#connected.resolve()
      else this.#fail(`refused: ${this.#head.slice(0, 400)}`)
      if (bytes.length === 0) return
    }
    this.bytes += bytes.length
    switch (this.#keep) {
      case 'all':
        this.#kept.push(Buffer.from(bytes))
        break
      case 'count':
        this.#countLines(bytes)
        break
      case 'age':
        this.#arrivals.push({ at: process.hrtime.bigint(), bytes: Buffer.from(bytes) })
        break
      case 'nothing':
        break
    }
    if (!this.#done && this.bytes >= this.#searchFrom && this.#find(NEEDLE, bytes)) {
      this.#done = true
      this.#finished.resolve(Number(process.hrtime.bigint()))
    }
    this.#rest = Buffer.from(bytes.subarray(-NEEDLE.length + 1))
  }

  #countLines(bytes: Buffer): void {
    const seam = Buffer.concat([this.#rest.subarray(-DATA_FIELD.length + 1), bytes.subarray(0, DATA_FIELD.length - 1)])
    if (seam.includes(DATA_FIELD)) this.lines += 1
    for (let at = bytes.indexOf(DATA_FIELD); at !== -1; at = bytes.indexOf(DATA_FIELD, at + 1)) this.lines += 1
  }

  #find(needle: Buffer, bytes: Buffer): boolean {
    return bytes.includes(needle) || Buffer.concat([this.#rest, bytes.subarray(0, needle.length - 1)]).includes(needle)
  }

  #fail(message: string): void {
    if (this.#done) return
    const error = new Error(`A viewer lost its stream after ${this.bytes} bytes: ${message}`)
    this.#connected.reject(error)
    this.#finished.reject(error)
  }
}

function request({ kind, port, path, headers = {} }: ViewerTarget): string {
  const isWebSocket = kind === 'websocket' || kind === 'socket.io'
  const all: Record<string, string> = isWebSocket
    ? {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        Origin: `http://127.0.0.1:${port}`,
      }
    : { Accept: 'text/event-stream' }
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...all, ...headers }).map(
    ([key, value]) => `${key}: ${value}`,
  )
  return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}`
}
