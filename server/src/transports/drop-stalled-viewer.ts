import type { RequestHandler } from 'express'

/**
 * Cuts the connection of a viewer whose socket has taken nothing for so long: it holds a file, a buffer and a place
 * among the streams, and can come back with its cursor. A socket that is merely idle is left alone.
 *
 * Node's socket timer runs on while a write is stuck, and starts anew, without telling, if it finds that the peer has
 * taken something. So it is set to a part of the time: when it fires that often in a row, without a pause in which it
 * started anew, nothing was taken in between. A viewer is dropped after the time, or a part of it later.
 */

const PARTS = 6

export function dropStalledViewer(stalledViewerMs: number, onDropped: () => void): RequestHandler {
  const partMs = stalledViewerMs / PARTS
  return (_request, response, next) => {
    let inRow = 0
    let firedAt = Number.NEGATIVE_INFINITY
    response.setTimeout(partMs, () => {
      if (response.writableLength === 0) return
      const now = performance.now()
      inRow = now - firedAt < 1.5 * partMs ? inRow + 1 : 1
      firedAt = now
      if (inRow < PARTS) {
        response.setTimeout(partMs)
        return
      }
      onDropped()
      response.destroy()
    })
    next()
  }
}
