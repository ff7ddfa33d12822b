import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Delivery } from '../../feed/delivery.ts'
import type { EventEncoder } from './event-encoder.ts'
import { sseComment } from './sse-block.ts'

/**
 * Pumps a run's deliveries into a response. It pulls the next delivery only when the socket takes more, so a slow
 * viewer holds one socket buffer and one delivery, and delays nobody. Deliveries that are ready together go out
 * together. It does not time out a stalled socket: `drop-stalled-viewer` does that for every response.
 */

/** Proxies and browsers must neither store, transform nor buffer a live stream. */
export const SSE_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const

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
  const writer = createCorkedWriter(response)
  const heartbeat = setTimeout(() => {
    if (!response.writableNeedDrain && !signal.aborted) writer.write(sseComment('still here'))
    heartbeat.refresh()
  }, heartbeatMs)

  try {
    response.writeHead(200, SSE_HEADERS)
    writer.write(opening)
    writer.flush()
    for await (const delivery of deliveries) {
      if (signal.aborted) break
      const bytes = encode(delivery)
      if (bytes === null) continue
      heartbeat.refresh()
      if (!writer.write(bytes)) await drained(response, writer.flush, signal)
    }
    if (signal.aborted) writer.write(sseComment('the gateway is closing; come back with the last id'))
  } finally {
    clearTimeout(heartbeat)
    writer.flush()
  }
  response.end()
}

/** Gathers what is written in one turn of the event loop into one chunk. */
function createCorkedWriter(response: ServerResponse) {
  let corked = false
  const flush = () => {
    if (corked) response.uncork()
    corked = false
  }
  const write = (bytes: Uint8Array | string): boolean => {
    if (!corked) {
      response.cork()
      corked = true
      setImmediate(flush)
    }
    return response.write(bytes)
  }
  return { write, flush }
}

/** Resolves when the response takes more, or will never take anything again. */
async function drained(response: ServerResponse, flush: () => void, signal: AbortSignal): Promise<void> {
  const drain = once(response, 'drain', { signal })
  // Only now: flushing may drain the response at once.
  flush()
  try {
    await drain
  } catch {
    // The viewer has left, or the socket broke; the signal ends the stream.
  }
}
