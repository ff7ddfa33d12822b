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
