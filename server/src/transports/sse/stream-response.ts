import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Encoded } from './event-encoder.ts'
import { SSE_HEADERS } from './sse-headers.ts'

/**
 * Pumps a run's deliveries into a response. It pulls the next delivery only when the socket takes more, so a slow
 * viewer holds one socket buffer and one delivery, and delays nobody. Deliveries that are ready together go out
 * together, since Node gathers what is written in one turn. It does not time out a stalled socket:
 * `drop-stalled-viewer` does that for every response.
 */

export type StreamOptions<T> = {
  readonly response: ServerResponse
  readonly deliveries: AsyncIterable<T>
  /** What comes first. */
  readonly opening: string
  readonly encode: (delivery: T) => Encoded | null
  /** Goes out after so much silence. */
  readonly heartbeat: string
  readonly heartbeatMs: number
  /** What comes last, unless the stream is broken off. */
  readonly ending: string
  /** What comes last when it is. */
  readonly breakOff: string
  /** Aborted when the viewer has left or the gateway is closing; it ends `deliveries` too. */
  readonly signal: AbortSignal
}

/** Resolves when the stream is over, for whatever reason; rejects only for our own bugs. */
export async function streamResponse<T>(options: StreamOptions<T>): Promise<void> {
  const { response, deliveries, opening, encode, heartbeat, heartbeatMs, ending, breakOff, signal } = options
  const silence = setTimeout(() => {
    if (!response.writableNeedDrain && !signal.aborted) response.write(heartbeat)
    silence.refresh()
  }, heartbeatMs)

  try {
    response.writeHead(200, SSE_HEADERS)
    response.write(opening)
    for await (const delivery of deliveries) {
      if (signal.aborted) break
      const block = encode(delivery)
      if (block === null) continue
      silence.refresh()
      if (!response.write(block, 'latin1')) await drained(response, signal)
    }
    response.write(signal.aborted ? breakOff : ending)
  } finally {
    clearTimeout(silence)
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
