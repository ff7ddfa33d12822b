import { type Cursor, formatCursor, RECONNECT_DELAY_MS, type Run, startCursor } from '@tailgate/shared'
import type { Delivery } from '../../feed/delivery.ts'
import { Chunk } from './chunk.ts'
import { encodeJson } from './encode-json.ts'
import { encodeStart, encodeText } from './encode-text.ts'
import { sseBlock, sseBlockOfLatin1 } from './sse-block.ts'

/** How one format looks on the wire. */
export type EventEncoder = {
  /** The first bytes of a stream: the reconnect delay, then something with an id, so that even a drop now can resume. */
  opening(run: Run, cursor: Cursor | null): string
  /** What is written for a delivery, the same for the same delivery; null when this format does not show it. */
  encode(delivery: Delivery): Chunk | null
}

/** The two formats of `format=`. Viewers at the live end share deliveries, and so the chunks: each is encoded once. */
export function createEventEncoders(now: () => number): Readonly<Record<'text' | 'json', EventEncoder>> {
  const retry = `retry: ${RECONNECT_DELAY_MS}\n\n`
  const idOnly = (run: Run, cursor: Cursor | null) => sseBlock({ id: formatCursor(cursor ?? startCursor(run.id)) })
  return {
    text: {
      // Whoever comes back with a cursor has seen the first line already.
      opening: (run, cursor) => retry + (cursor === null ? encodeStart(run) : idOnly(run, cursor)),
      encode: encodeOnce((delivery) => {
        const { plain, cursor } = delivery
        return plain === undefined
          ? chunkOf(encodeText(delivery, now()))
          : Chunk.of(sseBlockOfLatin1(formatCursor(cursor), plain), 'latin1')
      }),
    },
    json: {
      opening: (run, cursor) => retry + idOnly(run, cursor),
      encode: encodeOnce((delivery) => chunkOf(encodeJson(delivery))),
    },
  }
}

/** Keeps what was encoded for as long as what it was made of is there. */
function encodeOnce(encode: EventEncoder['encode']): EventEncoder['encode'] {
  const encoded = new WeakMap<Delivery, Chunk | null>()
  return (delivery) => {
    const known = encoded.get(delivery)
    if (known !== undefined) return known
    const block = encode(delivery)
    encoded.set(delivery, block)
    return block
  }
}

function chunkOf(text: string | null): Chunk | null {
  return text === null ? null : Chunk.of(text)
}
