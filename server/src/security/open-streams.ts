import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import { STREAMS_RETRY_AFTER_SECONDS } from './limits.ts'

/** Counts open streams, per client and in all, so that nobody takes every socket. */

export type StreamLimits = {
  readonly perClient: number
  readonly inAll: number
}

export interface OpenStreams {
  /**
   * Takes a place for a client's stream; close it when the stream is over. Fails with `too-many-requests`, and
   * `details.retryAfterSeconds` says when to come back.
   */
  open(client: string): Result<StreamPlace, TailgateError>
  /** Streams open now. */
  readonly count: number
}

export type StreamPlace = {
  /** Gives the place back; once is enough, more does no harm. */
  close(): void
}

export function createOpenStreams(limits: StreamLimits): OpenStreams {
  const byClient = new Map<string, number>()
  let count = 0

  const refuse = (message: string, limit: number) => {
    const details = { limit, retryAfterSeconds: STREAMS_RETRY_AFTER_SECONDS }
    return err(new TailgateError('too-many-requests', message, { details }))
  }

  return {
    open(client) {
      const own = byClient.get(client) ?? 0
      if (own >= limits.perClient) {
        return refuse(`You have ${own} streams open, as many as one caller may: close some, or come back.`, own)
      }
      if (count >= limits.inAll)
        return refuse('The gateway has as many streams open as it may: come back later.', count)
      count += 1
      byClient.set(client, own + 1)
      let isOpen = true
      return ok({
        close() {
          if (!isOpen) return
          isOpen = false
          count -= 1
          const left = (byClient.get(client) ?? 1) - 1
          if (left > 0) byClient.set(client, left)
          else byClient.delete(client)
        },
      })
    },
    get count() {
      return count
    },
  }
}
