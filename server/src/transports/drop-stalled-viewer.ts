import type { Socket } from 'node:net'
import type { RequestHandler } from 'express'
import type { HttpDependencies } from './http-dependencies.ts'

/**
 * Cuts the connection of a viewer whose socket has taken nothing for so long: it holds a file, a buffer and a place
 * among the streams, and can come back with its cursor. A socket that is merely idle is left alone.
 *
 * Node's socket timer runs on while a write is stuck, and starts anew, without telling, if it finds that the peer has
 * taken something. So it is set to a part of the time: when it fires that often in a row, without a pause in which it
 * started anew, nothing was taken in between. A viewer is dropped after the time, or a part of it later.
 */

const PARTS = 6

/** A response, or the socket of a stream that has let go of its response. */
type Sink = {
  setTimeout(ms: number): unknown
  readonly writableLength: number
  destroy(): unknown
}

export type StalledViewers = Pick<HttpDependencies, 'stalledViewerMs' | 'metrics'>

export function dropStalledViewer(deps: StalledViewers): RequestHandler {
  return (_request, response, next) => {
    const watch = new StallWatch(response, deps)
    response.setTimeout(watch.partMs, watch.onTimeout)
    next()
  }
}

/** The same for a stream, whose socket is watched only while it has not taken everything: its timer costs at each write. */
export class StalledSocket {
  readonly #socket: Socket
  readonly #deps: StalledViewers
  #isWatched = false

  constructor(socket: Socket, deps: StalledViewers) {
    this.#socket = socket
    this.#deps = deps
  }

  /** Something was written to it, or what was held back has been. */
  written(): void {
    const socket = this.#socket
    if (this.#isWatched || socket.writableLength === 0 || socket.writableCorked > 0) return
    this.#isWatched = true
    const watch = new StallWatch(socket, this.#deps)
    const onTimeout = () => {
      if (socket.writableLength > 0) {
        watch.onTimeout()
        return
      }
      this.#isWatched = false
      socket.setTimeout(0)
      socket.off('timeout', onTimeout)
    }
    socket.setTimeout(watch.partMs)
    socket.on('timeout', onTimeout)
  }
}

class StallWatch {
  readonly #sink: Sink
  readonly #deps: StalledViewers
  #inRow = 0
  #firedAt = Number.NEGATIVE_INFINITY

  constructor(sink: Sink, deps: StalledViewers) {
    this.#sink = sink
    this.#deps = deps
  }

  get partMs(): number {
    return this.#deps.stalledViewerMs / PARTS
  }

  readonly onTimeout = (): void => {
    if (this.#sink.writableLength === 0) return
    const now = performance.now()
    this.#inRow = now - this.#firedAt < 1.5 * this.partMs ? this.#inRow + 1 : 1
    this.#firedAt = now
    if (this.#inRow < PARTS) {
      this.#sink.setTimeout(this.partMs)
      return
    }
    this.#deps.metrics.viewerDropped()
    this.#sink.destroy()
  }
}
