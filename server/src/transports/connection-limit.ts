import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Answer } from './answer.ts'
import { socketOf } from './http-connection.ts'

/** Keeps the connection of a request that has been let in, from when all of it is here until it is answered. */
export type KeepConnection = (request: IncomingMessage, response: ServerResponse) => void

/**
 * Bounds the connections of a server without shutting anybody out. One too many does not close the newest but the one
 * that has been waiting longest with nothing asked: of a flood, each connection lasts until the next ones come, while
 * who asks at once is answered, and what is being answered is never touched. `server.maxConnections` would let whoever
 * comes first hold all places.
 *
 * Asked is only what a caller asks who was let in, and once it is here whole: a stranger who sends a login a byte at a
 * time, or takes the dashboard's files so slowly, holds no place.
 */
export function limitConnections(server: Server, most: number, onClosed: () => void): KeepConnection {
  const open = new Set<Socket>()
  /** Those that nothing is being answered on, the one first that has been so, or has last asked, longest ago. */
  const waiting = new Set<Socket>()

  const forget = function (this: Socket) {
    open.delete(this)
    waiting.delete(this)
  }

  server.on('connection', (socket: Socket) => {
    open.add(socket)
    waiting.add(socket)
    // It closes once, and a listener for one time is three objects more for each connection.
    socket.on('close', forget)
    if (open.size <= most) return
    const [longest] = waiting
    onClosed()
    longest?.destroy()
  })

  // Whoever asks has the longest time ahead again, in which the question can be judged.
  server.on('request', (request) => {
    const socket = socketOf(request.socket)
    if (waiting.delete(socket)) waiting.add(socket)
  })

  /** By itself, for the answer to hold the socket alone. */
  const waitAfter = (answer: Answer, socket: Socket) => {
    answer.whenOver(() => {
      if (open.has(socket)) waiting.add(socket)
    })
  }

  return (request, response) => {
    const socket = socketOf(request.socket)
    const answer = Answer.of(response)
    if (hasBody(request) && !request.complete) {
      const keep = () => waiting.delete(socket)
      request.once('end', keep)
      answer.whenOver(() => request.off('end', keep))
    } else {
      waiting.delete(socket)
    }
    waitAfter(answer, socket)
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
