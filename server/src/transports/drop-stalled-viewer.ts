import type { RequestHandler } from 'express'

/**
 * Cuts the connection of a viewer whose socket has taken nothing for so long: it holds a file, a buffer and a place
 * among the streams, and can come back with its cursor. Node's socket timer runs on while a write is stuck and starts
 * again with every byte the peer takes; a socket that is merely idle is left alone.
 */
export function dropStalledViewer(stalledViewerMs: number, onDropped: () => void): RequestHandler {
  return (_request, response, next) => {
    response.setTimeout(stalledViewerMs, () => {
      if (response.writableLength === 0) return
      onDropped()
      response.destroy()
    })
    next()
  }
}
