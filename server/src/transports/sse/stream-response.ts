import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Delivery } from '../../feed/delivery.ts'
import type { EventEncoder } from './event-encoder.ts'
import { sseComment } from './sse-block.ts'
import { SSE_HEADERS } from './sse-headers.ts'

/**
 * Pumps a run's deliveries into a response. It pulls the next delivery only when the socket takes more, so a slow
 * viewer holds one socket buffer and one delivery, and delays nobody. Deliveries that are ready together go out
 * together. It does not time out a stalled socket: `drop-stalled-viewer` does that for every response.
 */

export type StreamOptions = {
  readonly response: ServerResponse
  readonly deliveries: AsyncIterable<Delivery>
  readonly opening: string
  readonly encode: EventEncoder['encode']
  /** A comment goes out after this much silence. */
  readonly heartbeatMs: number
  /** Aborted when the viewer has left or the gateway is closing; it ends `deliveries` too. */
  readonly signal: AbortSignal
}

/** What is ready together goes out in one write, up to about this size. */
const MAX_GATHERED_BYTES = 64 * 1024

/** Resolves when the stream is over, for whatever reason; rejects only for our own bugs. */
export async function streamResponse(options: StreamOptions): Promise<void> {
  const { response, deliveries, opening, encode, heartbeatMs, signal } = options
  const gathered = gatherWrites(response)
  const heartbeat = setTimeout(() => {
    if (!response.writableNeedDrain && !signal.aborted) response.write(sseComment('still here'))
    heartbeat.refresh()
  }, heartbeatMs)

  try {
    response.writeHead(200, SSE_HEADERS)
    response.write(opening)
    for await (const delivery of deliveries) {
      if (signal.aborted) break
      const bytes = encode(delivery)
      if (bytes === null) continue
      heartbeat.refresh()
      gathered.add(bytes)
      if (response.writableNeedDrain) await drained(response, signal)
    }
    gathered.flush()
    if (signal.aborted) response.write(sseComment('the gateway is closing; come back with the last id'))
  } finally {
    clearTimeout(heartbeat)
  }
  response.end()
}

/**
 * Joins what is written in one turn of the event loop. Not by `cork()`: a response that is uncorked when the socket
 * takes a part of it at once may never emit `drain`.
 */
function gatherWrites(response: ServerResponse) {
  let pieces: Uint8Array[] = []
  let bytes = 0
  const flush = () => {
    const [first, ...others] = pieces
    if (first === undefined) return
    response.write(others.length === 0 ? first : Buffer.concat(pieces, bytes))
    pieces = []
    bytes = 0
  }
  const add = (piece: Uint8Array) => {
    if (pieces.length === 0) setImmediate(flush)
    pieces.push(piece)
    bytes += piece.length
    if (bytes >= MAX_GATHERED_BYTES) flush()
  }
  return { add, flush }
}

/** Resolves when the response takes more, or will never take anything again. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal })
  } catch {
    // The viewer has left, or the socket broke; the signal ends the stream.
  }
}
