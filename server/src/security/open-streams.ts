import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import { STREAMS_RETRY_AFTER_SECONDS } from './limits.ts'

/** Counts open streams, per caller and in all, so that nobody takes every socket. */

export type StreamLimits = {
  readonly perCaller: number
  readonly inAll: number
}

export interface OpenStreams {
  /**
   * Takes a place for a caller's stream; dispose of it when the stream is over. Fails with `too-many-requests`, and
   * `details.retryAfterSeconds` says when to come back.
   */
  open(caller: string): Result<StreamPlace, TailgateError>
  /** Streams open now. */
  readonly count: number
}

/** Disposing of it gives the place back; once is enough, more does no harm. */
export type StreamPlace = Disposable

const wayOut = (flag: string) => `close some, come back later, or start the gateway with a higher ${flag}.`

export function createOpenStreams(limits: StreamLimits): OpenStreams {
  const byCaller = new Map<string, number>()
  let count = 0

  const refuse = (message: string, limit: number) => {
    const details = { limit, retryAfterSeconds: STREAMS_RETRY_AFTER_SECONDS }
    return err(new TailgateError('too-many-requests', message, { details }))
  }

  return {
    open(caller) {
      const own = byCaller.get(caller) ?? 0
      if (own >= limits.perCaller) {
        return refuse(
          `You have as many streams open as one caller may (${own}): ${wayOut('--max-streams-per-caller')}`,
          own,
        )
      }
      if (count >= limits.inAll) {
        return refuse(`The gateway has as many streams open as it may (${count}): ${wayOut('--max-streams')}`, count)
      }
      count += 1
      byCaller.set(caller, own + 1)
      let isOpen = true
      return ok({
        [Symbol.dispose]() {
          if (!isOpen) return
          isOpen = false
          count -= 1
          const left = (byCaller.get(caller) ?? 1) - 1
          if (left > 0) byCaller.set(caller, left)
          else byCaller.delete(caller)
        },
      })
    },
    get count() {
      return count
    },
  }
}
