import type { TailgateEvent } from '@tailgate/shared'
import type { Delivery } from './transports/transport.ts'

/**
 * The events of one run, in order: nothing lost, nothing twice, `end` last.
 *
 * Loop over it with `for await`; leaving the loop closes the connection, and another loop goes on behind the last event
 * taken. One loop at a time. Memory is bounded: a slow consumer slows the stream down.
 *
 * Lost, refused or silent connections are replaced without a trace in the events. The loop throws a `TailgateError`
 * when its signal is aborted (`aborted`) and when asking again is useless: `not-found`, `unauthorized`, `forbidden`,
 * `bad-request`, `conflict`, or `protocol` for an answer that is not a gateway's.
 */
export interface EventStream extends AsyncIterable<TailgateEvent> {
  /**
   * Where the stream stands: behind the last event taken, null before the first of a stream without a cursor of its
   * own. Keep it once the event is dealt with, to go on from there in another process with `runs.follow`.
   */
  readonly cursor: string | null
}

/** An event stream over something that delivers from a cursor on. */
export function createEventStream(
  start: string | null,
  deliver: (cursor: string | null) => AsyncIterable<Delivery>,
): EventStream {
  let cursor = start
  let ended = false
  return {
    get cursor() {
      return cursor
    },
    async *[Symbol.asyncIterator]() {
      if (ended) return
      for await (const delivery of deliver(cursor)) {
        cursor = delivery.cursor
        ended = delivery.event.type === 'end'
        yield delivery.event
      }
      ended = true
    },
  }
}
