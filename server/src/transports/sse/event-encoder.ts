import { type Cursor, formatCursor, RECONNECT_DELAY_MS, type Run, startCursor } from '@tailgate/shared'
import type { Delivery } from '../../feed/delivery.ts'
import type { Stretch } from '../../feed/stretch.ts'
import { Chunk } from './chunk.ts'
import { encodeJson } from './encode-json.ts'
import { encodeStretch, jsonPieces, type PieceFormat, textPieces } from './encode-stretch.ts'
import { encodeStart, encodeText } from './encode-text.ts'
import { sseBlock } from './sse-block.ts'

/** How one format looks on the wire. */
export type EventEncoder = {
  /** The first bytes of a stream: the reconnect delay, then something with an id, so that even a drop now can resume. */
  opening(run: Run, cursor: Cursor | null): string
  /** What is written for a delivery, the same for the same delivery; null when this format does not show it. */
  encode(delivery: Delivery): Chunk | null
  /** What is written for a stretch of lines, chunk by chunk; see `encode-stretch.ts`. */
  encodeStretch(stretch: Stretch): ReturnType<typeof encodeStretch>
  /** Whether it tells what kind each line is. */
  readonly tellsKinds: boolean
}

/** The two formats of `format=`. Viewers at the live end share deliveries, and so the chunks: each is encoded once. */
export function createEventEncoders(now: () => number): Readonly<Record<'text' | 'json', EventEncoder>> {
  const retry = `retry: ${RECONNECT_DELAY_MS}\n\n`
  const idOnly = (run: Run, cursor: Cursor | null) => sseBlock({ id: formatCursor(cursor ?? startCursor(run.id)) })
  return {
    text: {
      // Whoever comes back with a cursor has seen the first line already.
      opening: (run, cursor) => retry + (cursor === null ? encodeStart(run) : idOnly(run, cursor)),
      encode: encodeOnce((delivery) => chunkOf(encodeText(delivery, now()))),
      encodeStretch: stretchEncoder(textPieces, (delivery) => encodeText(delivery, now()) ?? ''),
      tellsKinds: false,
    },
    json: {
      opening: (run, cursor) => retry + idOnly(run, cursor),
      encode: encodeOnce((delivery) => chunkOf(encodeJson(delivery))),
      encodeStretch: stretchEncoder(jsonPieces('lines'), encodeJson),
      tellsKinds: true,
    },
  }
}

/** How a format's stretches are encoded, with `encode` for the lines that are not plain. */
export function stretchEncoder(
  pieces: Omit<PieceFormat, 'odd'>,
  encode: (delivery: Delivery) => string,
): EventEncoder['encodeStretch'] {
  const format: PieceFormat = { ...pieces, odd: ({ cursor }, event) => Chunk.of(encode({ cursor, event })) }
  return (stretch) => encodeStretch(stretch, format)
}

/** Keeps what was encoded for as long as what it was made of is there. */
export function encodeOnce(encode: EventEncoder['encode']): EventEncoder['encode'] {
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
