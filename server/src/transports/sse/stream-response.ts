import type { ServerResponse } from 'node:http'
import type { Deliveries, Delivery } from '../../feed/delivery.ts'
import { Stretch } from '../../feed/stretch.ts'
import { Answer } from '../answer.ts'
import type { StalledViewers } from '../drop-stalled-viewer.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { Chunk } from './chunk.ts'
import type { EventEncoder } from './event-encoder.ts'
import { SSE_HEADERS } from './sse-headers.ts'
import { StreamBody } from './stream-body.ts'

/**
 * Pumps a run's deliveries into a response. It pulls the next delivery only when the socket takes more, so a slow
 * viewer holds one socket buffer and one delivery, and delays nobody.
 *
 * A thousand viewers may wait for hours, so nothing that waits for a stream's end holds its request or response.
 */

export type StreamOptions = Streamed & {
  readonly response: ServerResponse
}

type Streamed = {
  readonly deps: StalledViewers & Pick<HttpDependencies, 'heartbeats' | 'log'>
  readonly deliveries: Deliveries<Stretch>
  /** What comes first. */
  readonly opening: string
  readonly encode: (delivery: Delivery) => Chunk | null
  readonly encodeStretch: EventEncoder['encodeStretch']
  /** Goes out after so much silence. */
  readonly heartbeat: Chunk
  /** What comes last, unless the stream is broken off. */
  readonly ending: string
  /** What comes last when it is. */
  readonly breakOff: string
  /** Aborted when the viewer has left or the gateway is closing; it ends `deliveries` too. */
  readonly signal: AbortSignal
}

/** Resolves when the stream has begun, or its viewer has left. It goes on by itself, and a bug of ours cuts it. */
export async function streamResponse({ response, ...streamed }: StreamOptions): Promise<void> {
  const body = await StreamBody.open(response, SSE_HEADERS, streamed.deps)
  if (body !== null) void pumpOrCut(body, Answer.of(response), streamed)
}

/** By itself, for what waits to hold no response. */
function pumpOrCut(body: StreamBody, answer: Answer, streamed: Streamed): Promise<void> {
  return pump(body, streamed).catch((error: unknown) => {
    streamed.deps.log.error({ err: error }, 'stream failed')
    answer.cut()
  })
}

async function pump(body: StreamBody, streamed: Streamed): Promise<void> {
  const { deps, deliveries, opening, encode, encodeStretch, heartbeat, ending, breakOff, signal } = streamed
  const heart = deps.heartbeats.start(() => {
    if (!body.isFull && !signal.aborted) body.write(heartbeat)
  })

  const tell = (delivery: Delivery) => {
    const chunk = encode(delivery)
    if (chunk === null) return
    heart.told()
    body.write(chunk)
  }

  let writing = Promise.resolve()
  try {
    body.write(Chunk.of(opening))
    // Viewers at the live end are written to one after another, without a turn of promises for each.
    deliveries.handOver?.((delivery) => {
      if (body.isFull) return false
      try {
        tell(delivery)
        return true
      } catch {
        // Given to the loop below, which fails by it and says so.
        return false
      }
    })
    for await (const delivery of deliveries) {
      if (delivery instanceof Stretch) {
        heart.told()
        const written = await writeStretch(body, delivery, encodeStretch)
        // While this one is being written the next can be encoded, and no more.
        await writing
        writing = written.done
        continue
      }
      if (signal.aborted) break
      tell(delivery)
      if (body.isFull) await body.drained(signal)
    }
    const last = signal.aborted ? breakOff : ending
    if (last !== '') body.write(Chunk.of(last))
  } finally {
    deps.heartbeats.stop(heart)
  }
  body.end()
}

/**
 * Hands all of a stretch to the socket, and disposes of it when it has been written, or never will be. Not cut short when
 * the viewer leaves: what is still being written must not be overwritten.
 */
async function writeStretch(
  body: StreamBody,
  stretch: Stretch,
  encode: EventEncoder['encodeStretch'],
): Promise<{ readonly done: Promise<void> }> {
  try {
    const chunks = encode(stretch)
    let step = chunks.next()
    for (; !step.done; step = chunks.next()) await body.writeOut(step.value)
    const last = step.value === null ? Promise.resolve() : body.writeOut(step.value)
    return { done: last.then(() => stretch[Symbol.dispose]()) }
  } catch (error) {
    stretch[Symbol.dispose]()
    throw error
  }
}
