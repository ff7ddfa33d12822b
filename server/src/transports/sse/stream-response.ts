import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Delivery } from '../../feed/delivery.ts'
import type { EventEncoder } from './event-encoder.ts'
import { sseComment } from './sse-block.ts'
import { SSE_HEADERS } from './sse-headers.ts'

/**
 * Pumps a run's deliveries into a response. It pulls the next delivery only when the socket takes more, so a slow
 * viewer holds one socket buffer and one delivery, and delays nobody. Deliveries that are ready together go out
 * together, since Node gathers what is written in one turn. It does not time out a stalled socket: `drop-stalled-viewer` does that for every response.
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

/** Resolves when the stream is over, for whatever reason; rejects only for our own bugs. */
export async function streamResponse(options: StreamOptions): Promise<void> {
  const { response, deliveries, opening, encode, heartbeatMs, signal } = options
  const heartbeat = setTimeout(() => {
    if (!response.writableNeedDrain && !signal.aborted) response.write(sseComment('still here'))
    heartbeat.refresh()
  }, heartbeatMs)

  try {
    response.writeHead(200, SSE_HEADERS)
    response.write(opening)
    for await (const delivery of deliveries) {
      if (signal.aborted) break
      const block = encode(delivery)
      if (block === null) continue
      heartbeat.refresh()
      if (!response.write(block, 'latin1')) await drained(response, signal)
    }
    if (signal.aborted) response.write(sseComment('the gateway is closing; come back with the last id'))
  } finally {
    clearTimeout(heartbeat)
  }
  response.end()
}

/** Resolves when the response takes more, or will never take anything again. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal })
  } catch {
    // The viewer has left, or the socket broke; the signal ends the stream.
  }
}
