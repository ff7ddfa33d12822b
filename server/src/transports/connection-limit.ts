import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Bounds the connections of a server without shutting anybody out. One too many does not close the newest but the one
 * that has been waiting longest with nothing asked: of a flood, each connection lasts until the next ones come, while
 * who asks at once is answered, and what is being answered is never touched. `server.maxConnections` would let whoever
 * comes first hold all places.
 */
export function limitConnections(server: Server, most: number, onClosed: () => void): void {
  const open = new Set<Socket>()
  /** Those that nothing is being answered on, longest first. */
  const waiting = new Set<Socket>()

  server.on('connection', (socket: Socket) => {
    open.add(socket)
    waiting.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      waiting.delete(socket)
    })
    if (open.size <= most) return
    const [longest] = waiting
    onClosed()
    longest?.destroy()
  })
  server.on('request', ({ socket }, response) => {
    waiting.delete(socket)
    response.once('close', () => {
      if (open.has(socket)) waiting.add(socket)
    })
  })
}
