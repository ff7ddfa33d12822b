import type { Delivery } from './delivery.ts'

/**
 * The newest deliveries of a run, in the order things happened: the live end that all viewers share. A viewer that is
 * older than its window reads the log file instead until it has caught up. Bounded in bytes of log and in entries;
 * of what a newer delivery outdates only the place stays.
 */

export type JournalWindow = {
  /** Bytes of log text kept for viewers at the live end. */
  readonly bytes: number
  /** Deliveries kept, whatever their size. */
  readonly entries: number
}

/** Four events of lines, which is little enough to be gone before V8 takes them for something that lasts. */
const WINDOW: JournalWindow = { bytes: 256 * 1024, entries: 4_096 }

export class Journal {
  readonly #window: JournalWindow
  #entries: (Delivery | null)[] = []
  #firstSeq = 0
  #bytes = 0

  constructor(window: JournalWindow = WINDOW) {
    this.#window = window
  }

  /** Number of the oldest delivery still here. */
  get firstSeq(): number {
    return this.#firstSeq
  }

  /** Number that the next delivery will have. */
  get nextSeq(): number {
    return this.#firstSeq + this.#entries.length
  }

  /** Null for one that is outdated, undefined for one that is not here: gone, or yet to come. */
  get(seq: number): Delivery | null | undefined {
    return this.#entries[seq - this.#firstSeq]
  }

  append(delivery: Delivery): void {
    this.#entries.push(delivery)
    this.#bytes += bytesOf(delivery)
    let drop = 0
    const most = this.#entries.length - 1
    while (drop < most && (this.#bytes > this.#window.bytes || this.#entries.length - drop > this.#window.entries)) {
      this.#bytes -= bytesOf(this.#entries[drop++])
    }
    if (drop > 0) {
      this.#entries.splice(0, drop)
      this.#firstSeq += drop
    }
  }

  /** A newer delivery says all that this one does: a record, an unfinished line. */
  outdate(seq: number): void {
    if (this.get(seq) !== undefined) this.#entries[seq - this.#firstSeq] = null
  }

  /**
   * Where a viewer at `offset` of `generation` goes on here: `seq` when a delivery begins exactly there, else the
   * offset up to which it must read the file first, or null when the window has no such line.
   */
  place(generation: number, offset: number): { seq: number } | { readTo: number } | null {
    let behindLast: { seq: number } | null = null
    for (const [i, entry] of this.#entries.entries()) {
      if (entry?.event.type !== 'lines' || entry.cursor.generation !== generation) continue
      const { start, next } = entry.event
      if (next === offset) behindLast = { seq: this.#firstSeq + i + 1 }
      if (next <= offset) continue
      if (offset === start) return { seq: this.#firstSeq + i }
      return { readTo: offset < start ? start : next }
    }
    return behindLast
  }
}

function bytesOf(delivery: Delivery | null | undefined): number {
  return delivery?.event.type === 'lines' ? delivery.event.next - delivery.event.start : 0
}
