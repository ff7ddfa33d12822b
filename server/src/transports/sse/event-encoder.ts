import { type Cursor, formatCursor, RECONNECT_DELAY_MS, type Run, startCursor } from '@tailgate/shared'
import type { Delivery } from '../../feed/delivery.ts'
import { encodeJson } from './encode-json.ts'
import { encodePlain, encodeStart, encodeText } from './encode-text.ts'
import { sseBlock } from './sse-block.ts'

/** How one format looks on the wire. */
export type EventEncoder = {
  /** The first bytes of a stream: the reconnect delay, then something with an id, so that even a drop now can resume. */
  opening(run: Run, cursor: Cursor | null): string
  /** The bytes of a delivery, the same object for the same delivery; null when this format does not show it. */
  encode(delivery: Delivery): Uint8Array | null
}

/** The two formats of `format=`. Viewers at the live end share deliveries, and so the bytes: each is encoded once. */
export function createEventEncoders(now: () => number): Readonly<Record<'text' | 'json', EventEncoder>> {
  const retry = `retry: ${RECONNECT_DELAY_MS}\n\n`
  const idOnly = (run: Run, cursor: Cursor | null) => sseBlock({ id: formatCursor(cursor ?? startCursor(run.id)) })
  return {
    text: {
      // Whoever comes back with a cursor has seen the first line already.
      opening: (run, cursor) => retry + (cursor === null ? encodeStart(run) : idOnly(run, cursor)),
      encode: encodeOnce((delivery) =>
        delivery.plain === undefined ? encodeText(delivery, now()) : encodePlain(delivery.cursor, delivery.plain),
      ),
    },
    json: {
      opening: (run, cursor) => retry + idOnly(run, cursor),
      encode: encodeOnce(encodeJson),
    },
  }
}

function encodeOnce(encode: (delivery: Delivery) => Buffer | string | null): EventEncoder['encode'] {
  const encoded = new WeakMap<Delivery, Uint8Array | null>()
  return (delivery) => {
    const known = encoded.get(delivery)
    if (known !== undefined) return known
    const block = encode(delivery)
    const bytes = typeof block === 'string' ? Buffer.from(block) : block
    encoded.set(delivery, bytes)
    return bytes
  }
}
