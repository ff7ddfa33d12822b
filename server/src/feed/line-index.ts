/**
 * Where lines begin: the offset of about every 1,024th line of a log (10 million lines: some 10,000 entries).
 * Built while the log is read; whoever needs a line between two entries reads on from the one before it.
 *
 * Two entries are not further apart than a step, unless one batch of lines is longer: what lies between fits an event.
 */

export type IndexEntry = { readonly line: number; readonly offset: number }

/** An entry at least every so many lines, … */
const STEP_LINES = 1_024
/** … or so many bytes, whichever comes first. */
const STEP_BYTES = 64 * 1024

const ENTRY_BYTES = 16

export class LineIndex {
  #lines: number[] = [1]
  #offsets: number[] = [0]
  /** What was noted last. */
  #noted: IndexEntry = { line: 1, offset: 0 }

  /** Notes that `line` begins at `offset`; to be told at every batch of lines, in order. */
  note(line: number, offset: number): void {
    const noted = this.#noted
    this.#noted = { line, offset }
    if (this.#isWithinStep(line, offset)) return
    if (noted.line > this.#entry(this.#lines.length - 1).line) this.#add(noted)
    if (!this.#isWithinStep(line, offset)) this.#add(this.#noted)
  }

  /** The last entry at or before a line. */
  beforeLine(line: number): IndexEntry {
    return this.#entry(lastAtMost(this.#lines, line))
  }

  /** The first entry after a line; null when there is none yet. */
  afterLine(line: number): IndexEntry | null {
    const at = lastAtMost(this.#lines, line) + 1
    return at < this.#lines.length ? this.#entry(at) : null
  }

  /** The last entry at or before an offset. */
  beforeOffset(offset: number): IndexEntry {
    return this.#entry(lastAtMost(this.#offsets, offset))
  }

  /** Forgets everything from `line` on. */
  truncate(line: number): void {
    const keep = lastAtMost(this.#lines, line) + 1
    this.#lines.length = keep
    this.#offsets.length = keep
    this.#noted = this.#entry(keep - 1)
  }

  /** For the disk; `fromBytes` reads it back. */
  toBytes(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#lines.length * ENTRY_BYTES)
    for (let i = 0; i < this.#lines.length; i++) {
      const { line, offset } = this.#entry(i)
      bytes.writeDoubleLE(line, i * ENTRY_BYTES)
      bytes.writeDoubleLE(offset, i * ENTRY_BYTES + 8)
    }
    return bytes
  }

  /** Null when the bytes are not an index: it is then built anew from the log. */
  static fromBytes(bytes: Buffer): LineIndex | null {
    const index = new LineIndex()
    if (bytes.length === 0 || bytes.length % ENTRY_BYTES !== 0) return null
    for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
      const line = bytes.readDoubleLE(at)
      const offset = bytes.readDoubleLE(at + 8)
      const previous = index.#entry(index.#lines.length - 1)
      const follows = at === 0 ? line === 1 && offset === 0 : line > previous.line && offset > previous.offset
      if (!follows || !Number.isSafeInteger(line) || !Number.isSafeInteger(offset)) return null
      if (at === 0) continue
      index.#add({ line, offset })
    }
    index.#noted = index.#entry(index.#lines.length - 1)
    return index
  }

  #isWithinStep(line: number, offset: number): boolean {
    const last = this.#entry(this.#lines.length - 1)
    return line - last.line < STEP_LINES && offset - last.offset < STEP_BYTES
  }

  #add({ line, offset }: IndexEntry): void {
    this.#lines.push(line)
    this.#offsets.push(offset)
  }

  #entry(at: number): IndexEntry {
    return { line: this.#lines[at] ?? 1, offset: this.#offsets[at] ?? 0 }
  }
}

/** Position of the last value that is not above `limit` in an ascending list; the first when all are. */
function lastAtMost(values: readonly number[], limit: number): number {
  let low = 0
  let high = values.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((values[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
