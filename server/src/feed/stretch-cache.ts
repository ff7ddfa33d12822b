import { MAX_EVENT_BYTES } from '@tailgate/shared'
import type { LinePosition } from '../lines/read-lines.ts'
import type { Delivery } from './delivery.ts'

/**
 * The stretches of logs that viewers behind the live window were given last, of all runs together, so that others who
 * come by soon are given the very same ones. Bounded in bytes of log; what has not been asked for longest goes first.
 */

export type Stretch = {
  readonly deliveries: readonly Delivery[]
  /** Where the next one begins. */
  readonly end: LinePosition
}

/** Events in one stretch at the most: what is asked of the disk at once. */
export const MAX_STRETCH_EVENTS = 4

/** In memory a stretch takes up to four times its bytes: as they are, encoded, and as text. */
const MAX_BYTES = 8 * 1024 * 1024

/** As large as a stretch can be. */
const BUFFER_BYTES = MAX_STRETCH_EVENTS * MAX_EVENT_BYTES
/** Buffers kept for the next stretch to be read. */
const MAX_SPARE_BUFFERS = 4

type Entry = { readonly stretch: Promise<Stretch | null>; readonly bytes: number }

export class StretchCache {
  readonly #maxBytes: number
  readonly #entries = new Map<string, Entry>()
  readonly #spare: Buffer[] = []
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  /** The stretch that is kept under a key, or is loaded now; one that could not be loaded is not kept. */
  get(key: string, bytes: number, load: () => Promise<Stretch | null>): Promise<Stretch | null> {
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.stretch
    }
    const entry = { stretch: load(), bytes }
    this.#entries.set(key, entry)
    this.#bytes += bytes
    const forget = () => this.#forget(key, entry)
    entry.stretch.then((stretch) => stretch === null && forget(), forget)
    for (const [oldest, { bytes: size }] of this.#entries) {
      if (this.#bytes <= this.#maxBytes || oldest === key) break
      this.#entries.delete(oldest)
      this.#bytes -= size
    }
    return entry.stretch
  }

  /** A buffer of so many bytes, until it is disposed of. */
  borrow(bytes: number): Disposable & { readonly bytes: Buffer } {
    const buffer = this.#spare.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES)
    return {
      bytes: buffer.subarray(0, bytes),
      [Symbol.dispose]: () => {
        if (this.#spare.length < MAX_SPARE_BUFFERS) this.#spare.push(buffer)
      },
    }
  }

  #forget(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return
    this.#entries.delete(key)
    this.#bytes -= entry.bytes
  }
}
