import type { FetchLike } from 'eventsource'
import { protocolFailure } from './failure.ts'
import type { Fetch } from './gateway-access.ts'
import { streamBody } from './stream-body.ts'

/**
 * The `fetch` that one `EventSource` gets.
 *
 * `EventSource` pushes: it reads its body as fast as bytes come, reconnects by itself after a fixed delay, and keeps
 * the body of a refusal to itself. This `fetch` takes all three out of its hands: a chunk is read only when there is
 * room for what it may hold, only one request is ever made, and a refusal is reported with all it says.
 */
export function createPacedFetch(options: {
  fetch: Fetch
  /** Resolves when more may be read. */
  room: () => Promise<void>
  /** Bytes came. */
  onBytes: () => void
  /** There is no stream: the request failed, or the gateway refused it. */
  onFailure: (failure: unknown) => void
}): FetchLike {
  const { fetch, room, onBytes, onFailure } = options
  let used = false
  return async (url, init) => {
    if (used) throw new DOMException('One connection per attempt.', 'AbortError')
    used = true
    try {
      const response = await fetch(url, init)
      const body = await streamBody(response)
      if (body === null) throw protocolFailure(`An answer without a body from ${response.url}`)
      const reader = body.getReader()
      const paced = {
        read: async () => {
          await room()
          const chunk = await reader.read()
          onBytes()
          return chunk
        },
        cancel: () => reader.cancel(),
      }
      const { url: from, status, redirected, headers } = response
      return { body: { getReader: () => paced }, url: from, status, redirected, headers }
    } catch (failure) {
      onFailure(failure)
      throw new DOMException('The failure has been reported.', 'AbortError')
    }
  }
}
