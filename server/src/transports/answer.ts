import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpConnection } from './http-connection.ts'

/** How an answer ended. */
export type AnswerEnd = {
  readonly status: number
  /** Whether all of it went out. */
  readonly isWhole: boolean
  readonly runId: string | undefined
}

/**
 * The life of an answer. It is over when its response is; that of a stream, which lets go of its response, when its
 * connection is. It holds nothing of the request, so that a stream holds little.
 */
export class Answer {
  static readonly #known = new WeakMap<ServerResponse, Answer>()

  static of(response: ServerResponse): Answer {
    const known = Answer.#known.get(response)
    if (known !== undefined) return known
    const answer = new Answer(response)
    Answer.#known.set(response, answer)
    return answer
  }

  readonly #over = new AbortController()
  #callbacks: ((end: AnswerEnd) => void)[] = []
  #ended: AnswerEnd | null = null
  /** Null once it goes out on the socket alone. */
  #response: ServerResponse | null
  #socket: Socket | null = null
  #isFinished = false
  #status = 0
  #runId: string | undefined

  private constructor(response: ServerResponse) {
    this.#response = response
    // Not the request's `close`, which comes as soon as its body is read. A broken socket emits `error` and then `close`.
    response.once('close', this.#onResponseClose)
    response.on('error', () => this.#over.abort())
    if (response.closed) this.#onResponseClose()
  }

  /** Aborted when it is over, or once it is to end. */
  get signal(): AbortSignal {
    return this.#over.signal
  }

  /** Has `signal` be aborted with another one, too: a second signal for each stream would cost as much again. */
  endWith(other: AbortSignal): void {
    const abort = () => this.#over.abort()
    other.addEventListener('abort', abort)
    this.whenOver(() => other.removeEventListener('abort', abort))
    if (other.aborted) abort()
  }

  /** Calls back once, when it is over; at once when it is already. For the sake of streams, a callback holds little. */
  whenOver(callback: (end: AnswerEnd) => void): void {
    if (this.#ended === null) this.#callbacks.push(callback)
    else callback(this.#ended)
  }

  /** Closes the connection, so that the client knows that this is not all. */
  cut(): void {
    const way = this.#socket ?? this.#response
    way?.destroy()
  }

  /**
   * Lets go of the response, whose head has just been written, and gives the socket for the rest. Whatever else comes
   * in on it is not read, so the head must have said `Connection: close`.
   */
  release(connection: HttpConnection): Socket {
    const response = this.#response
    if (response === null) throw new Error('Internal error: an answer was released twice')
    this.#readHead(response)
    response.off('close', this.#onResponseClose)
    this.#response = null
    const socket = connection.release()
    this.#socket = socket
    socket.on('close', this.#onSocketClose)
    socket.on('end', closeSoon)
    socket.resume()
    return socket
  }

  /** The end of a released answer: the last bytes, if any, and then its connection is closed. */
  finish(last: string): void {
    this.#isFinished = true
    if (last !== '') this.#socket?.write(last)
    this.#socket?.destroySoon()
  }

  readonly #onResponseClose = (): void => {
    const response = this.#response
    if (response === null) return
    this.#readHead(response)
    this.#end(response.writableFinished)
  }

  readonly #onSocketClose = (): void => {
    this.#end(this.#isFinished && this.#socket?.writableFinished === true)
  }

  #readHead(response: ServerResponse): void {
    const runId = response.getHeader('X-Run-Id')
    this.#status = response.statusCode
    this.#runId = runId === undefined ? undefined : String(runId)
  }

  #end(isWhole: boolean): void {
    const callbacks = this.#callbacks
    const ended = { status: this.#status, isWhole, runId: this.#runId }
    this.#callbacks = []
    this.#ended = ended
    this.#over.abort()
    for (const callback of callbacks) callback(ended)
  }
}

/** Whoever closes its half has left. */
function closeSoon(this: Socket): void {
  this.destroySoon()
}
