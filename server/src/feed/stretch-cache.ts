import { MAX_EVENT_BYTES } from '@tailgate/shared'
import type { LinePosition } from '../lines/read-lines.ts'
import type { Delivery } from './delivery.ts'

/**
 * The stretches of logs that viewers behind the live window were given last, of all runs together, so that others who
 * come by soon are given the very same ones. Bounded in memory; what has not been asked for longest goes first, and
 * everything once nobody has asked for anything for a while: no viewer has to be there for what is kept, and none that
 * stands still keeps it.
 */

export type Stretch = {
  readonly deliveries: readonly Delivery[]
  /** Where each of them ends. */
  readonly ends: readonly LinePosition[]
}

/** Events in one stretch at the most: what is asked of the disk at once. */
export const MAX_STRETCH_EVENTS = 4

/** What the stretches may take in memory, all together. */
const MAX_MEMORY_BYTES = 32 * 1024 * 1024

/** A stretch is kept as it is in the log, as text, and encoded for both formats and for tRPC, … */
const COPIES = 5
/** … and of each line there is a string with its place in an array, and a field name or quotes when encoded. */
const LINE_OVERHEAD_BYTES = 48

/** Everything goes after so long without a viewer behind the live window. */
const IDLE_MS = 5_000

/** As large as a stretch can be. */
const BUFFER_BYTES = MAX_STRETCH_EVENTS * MAX_EVENT_BYTES
/** Buffers kept for the next stretch to be read. */
const MAX_SPARE_BUFFERS = 4

type Entry = { readonly stretch: Promise<Stretch | null>; readonly memory: number }

export type StretchCacheLimits = {
  readonly memoryBytes: number
  readonly idleMs: number
}

export class StretchCache {
  readonly #limits: StretchCacheLimits
  readonly #entries = new Map<string, Entry>()
  readonly #spare: Buffer[] = []
  #memory = 0
  #idle: NodeJS.Timeout | null = null

  constructor({ memoryBytes = MAX_MEMORY_BYTES, idleMs = IDLE_MS }: Partial<StretchCacheLimits> = {}) {
    this.#limits = { memoryBytes, idleMs }
  }

  /** The most memory that the stretches in it now may take. */
  get memoryBytes(): number {
    return this.#memory
  }

  /** The stretch that is kept under a key, or is loaded now; one that could not be loaded is not kept. */
  get(
    key: string,
    size: { readonly bytes: number; readonly lines: number },
    load: () => Promise<Stretch | null>,
  ): Promise<Stretch | null> {
    this.#clearWhenIdle()
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.stretch
    }
    const entry = { stretch: load(), memory: COPIES * size.bytes + LINE_OVERHEAD_BYTES * size.lines }
    this.#entries.set(key, entry)
    this.#memory += entry.memory
    const forget = () => this.#forget(key, entry)
    entry.stretch.then((stretch) => stretch === null && forget(), forget)
    for (const [oldest, { memory }] of this.#entries) {
      if (this.#memory <= this.#limits.memoryBytes || oldest === key) break
      this.#entries.delete(oldest)
      this.#memory -= memory
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
    this.#memory -= entry.memory
  }

  #clearWhenIdle(): void {
    if (this.#idle !== null) {
      this.#idle.refresh()
      return
    }
    const clear = () => {
      this.#idle = null
      this.#entries.clear()
      this.#memory = 0
      this.#spare.length = 0
    }
    this.#idle = setTimeout(clear, this.#limits.idleMs).unref()
  }
}
