import { TailgateError } from '@tailgate/shared'
import { createParser } from 'eventsource-parser'
import { parseEvent } from './event.ts'
import { connectionFailure, parseJson, protocolFailure } from './failure.ts'
import type { GatewayAccess } from './gateway-access.ts'
import { createRestCalls, query, runPath } from './rest-calls.ts'
import { streamBody } from './stream-body.ts'
import type { StreamItem, Transport } from './transport.ts'

/**
 * The plain HTTP transport: REST calls, and `GET /runs/:id/stream?format=json` read with `fetch`.
 *
 * The body is pulled: no chunk is read before every event of the last one has been taken, so a slow consumer slows the
 * socket down and memory holds one chunk. Spec: https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** The longest frame that is put together, in characters: a line of 1 MiB, escaped, fits; an endless one does not. */
export const MAX_FRAME_LENGTH = 16 * 1024 * 1024

export function createSseTransport(access: GatewayAccess): Transport {
  return {
    ...createRestCalls(access),
    async *connect(runId, start, signal) {
      const from = typeof start === 'string' ? { cursor: start } : (start ?? {})
      const url = `${access.base}${runPath(runId)}/stream${query({ format: 'json', ...from })}`
      try {
        const response = await access.fetch(url, {
          headers: { Accept: 'text/event-stream' },
          cache: 'no-store',
          signal,
        })
        const body = await streamBody(response)
        if (body === null) yield { type: 'done' }
        else yield* readItems(body)
      } catch (cause) {
        throw connectionFailure(cause, access.base, signal)
      }
    },
  }
}

async function* readItems(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamItem> {
  let items: StreamItem[] = []
  let tooLong = false
  const parser = createParser({
    maxBufferSize: MAX_FRAME_LENGTH,
    onEvent: (frame) => {
      const event = parseEvent(parseJson(frame.data))
      if (event === null) return
      if (frame.id === undefined) throw protocolFailure('An event without a cursor')
      items.push({ type: 'event', cursor: frame.id, event })
    },
    onError: (error) => {
      tooLong ||= error.type === 'max-buffer-size-exceeded'
    },
  })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  try {
    while (true) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      if (tooLong) throw new TailgateError('protocol', `An event of the stream exceeds ${MAX_FRAME_LENGTH} characters.`)
      if (items.length === 0) yield { type: 'alive' }
      yield* items
      items = []
    }
  } finally {
    // Closes the socket when the consumer leaves; of a body that has ended or broken there is nothing left to close.
    await reader.cancel().catch(() => undefined)
  }
}
