import type { Cursor, TailgateEvent } from '@tailgate/shared'

/**
 * One event on its way to viewers, with the cursor that stands after it.
 *
 * Viewers at the live end of a log are given the very same object, so a transport that encodes a delivery can keep
 * the bytes in a `WeakMap` keyed by it and write them to every viewer.
 */
export type Delivery = {
  readonly cursor: Cursor
  readonly event: TailgateEvent
}

/** Deliveries for who asks for one after another, with `T` for what else comes between them. */
export type Deliveries<T = never> = AsyncIterable<Delivery | T> & {
  /**
   * Has deliveries that come while the next one is awaited handed over at once, each as long as `take` says that it took
   * the one before; what it does not take is given to who waits. `take` does not throw.
   */
  handOver?(take: (delivery: Delivery) => boolean): void
}
