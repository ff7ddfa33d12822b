import type { Delivery } from './delivery.ts'

/**
 * The newest deliveries of a run, in the order things happened: the live end that all viewers share. A viewer that is
 * older than its window reads the log file instead until it has caught up. Bounded in bytes of log and in entries.
 */

/** Bytes of log text kept for viewers at the live end. */
const WINDOW_BYTES = 1024 * 1024
/** Deliveries kept, whatever their size. */
const WINDOW_ENTRIES = 4_096

export class Journal {
  #entries: Delivery[] = []
  #firstSeq = 0
  #bytes = 0

  /** Number of the oldest delivery still here. */
  get firstSeq(): number {
    return this.#firstSeq
  }

  /** Number that the next delivery will have. */
  get nextSeq(): number {
    return this.#firstSeq + this.#entries.length
  }

  get(seq: number): Delivery | undefined {
    return this.#entries[seq - this.#firstSeq]
  }

  append(delivery: Delivery): void {
    this.#entries.push(delivery)
    this.#bytes += bytesOf(delivery)
    let drop = 0
    const most = this.#entries.length - 1
    while (drop < most && (this.#bytes > WINDOW_BYTES || this.#entries.length - drop > WINDOW_ENTRIES)) {
      const oldest = this.#entries[drop++]
      if (oldest !== undefined) this.#bytes -= bytesOf(oldest)
    }
    if (drop > 0) {
      this.#entries.splice(0, drop)
      this.#firstSeq += drop
    }
  }

  /**
   * Where a viewer at `offset` of `generation` goes on here: `seq` when a delivery begins exactly there, else the
   * offset up to which it must read the file first, or null when the window has no such line.
   */
  place(generation: number, offset: number): { seq: number } | { readTo: number } | null {
    for (let at = 0; at < this.#entries.length; at++) {
      const { event, cursor } = this.#entries[at] ?? {}
      if (event?.type !== 'lines' || cursor?.generation !== generation) continue
      if (offset < event.start) return { readTo: event.start }
      if (offset === event.start) return { seq: this.#firstSeq + at }
      if (offset < event.next) return { readTo: event.next }
      if (offset === event.next && !this.#linesAfter(at)) return { seq: this.#firstSeq + at + 1 }
    }
    return null
  }

  #linesAfter(at: number): boolean {
    for (let i = at + 1; i < this.#entries.length; i++) if (this.#entries[i]?.event.type === 'lines') return true
    return false
  }
}

function bytesOf({ event }: Delivery): number {
  return event.type === 'lines' ? event.next - event.start : 0
}
