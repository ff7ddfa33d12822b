import { type FileHandle, open } from 'node:fs/promises'
import type { LineKind, LinesEvent } from '@tailgate/shared'

/**
 * What each line of a log is, one byte a line, in a file beside it: ten million lines take ten megabytes, and both a
 * page of kinds and the next error or command are one short read away. The newest bytes wait in memory.
 *
 * Kinds adorn the log and must never stop it: on a disk that takes nothing they go on waiting in memory, and lines
 * whose kinds cannot be read are plain output.
 */

const CODES: Readonly<Record<LineKind, number>> = { output: 0, command: 1, continuation: 2, error: 3 }
const KINDS: readonly LineKind[] = ['output', 'command', 'continuation', 'error']
/** Set beside the kind when the line was cut and goes on in the next. */
const CUT = 0x80

/** Lines held in memory before they are written out; more only while they cannot be. */
const BUFFER_LINES = 64 * 1024
const MAX_BUFFER_LINES = 1024 * BUFFER_LINES

export type LineMark = { readonly kind: LineKind; readonly cut: boolean }

const PLAIN: LineMark = { kind: 'output', cut: false }
/** What each byte says. */
const MARKS: readonly LineMark[] = Array.from({ length: 0x100 }, (_, byte) => ({
  kind: KINDS[byte & ~CUT] ?? 'output',
  cut: (byte & CUT) !== 0,
}))

export class LineKinds {
  readonly #path: string
  #file: FileHandle | null = null
  #buffer = Buffer.alloc(BUFFER_LINES)
  #buffered = 0
  /** Lines whose bytes are in the file. */
  #written: number
  #busy: Promise<void> = Promise.resolve()
  #closed = false

  /** `lines`: how many of an existing file's lines to go on from. */
  constructor(path: string, lines = 0) {
    this.#path = path
    this.#written = lines
  }

  get count(): number {
    return this.#written + this.#buffered
  }

  /** True when the next `add` needs a `makeRoom` before it. */
  get full(): boolean {
    return this.#buffered === this.#buffer.length
  }

  add(kind: LineKind, cut: boolean): void {
    if (this.full) throw new Error('Internal error: line kinds were added without making room')
    this.#buffer[this.#buffered++] = CODES[kind] | (cut ? CUT : 0)
  }

  /** Corrects a line that turned out to be something else; one that the disk does not take stays what it was. */
  async revise(line: number, kind: LineKind): Promise<void> {
    const done = this.#serially(async () => {
      const at = line - 1 - this.#written
      if (at >= 0) {
        this.#buffer[at] = ((this.#buffer[at] ?? 0) & CUT) | CODES[kind]
        return
      }
      const file = await this.#open()
      const mark = Buffer.alloc(1)
      await file.read(mark, 0, 1, line - 1)
      mark[0] = ((mark[0] ?? 0) & CUT) | CODES[kind]
      await file.write(mark, 0, 1, line - 1)
    })
    await done.catch(() => {})
  }

  /** Writes out what waits in memory; rejects when the disk does not take it. */
  async flush(): Promise<void> {
    await this.#serially(async () => {
      const file = await this.#open()
      for (let left = this.#buffered; left > 0; ) {
        const { bytesWritten } = await file.write(this.#buffer, 0, left, this.#written)
        this.#buffer.copy(this.#buffer, 0, bytesWritten, this.#buffered)
        this.#buffered -= bytesWritten
        this.#written += bytesWritten
        left -= bytesWritten
      }
    })
  }

  /** Lets `add` go on: writes out what waits, or holds more in memory where that is refused. */
  async makeRoom(): Promise<void> {
    await this.flush().catch((error) => {
      if (this.#buffer.length === MAX_BUFFER_LINES) throw error
      this.#buffer = Buffer.concat([this.#buffer], 2 * this.#buffer.length)
    })
  }

  /** The marks of `count` lines from `first` on; fewer at the end. */
  async read(first: number, count: number): Promise<LineMark[]> {
    const bytes = await this.readBytes(first, count)
    const marks: LineMark[] = []
    for (let i = 0; i < bytes.length; i++) marks.push(MARKS[bytes[i] ?? 0] ?? PLAIN)
    return marks
  }

  /** The same, a byte a line. */
  async readBytes(first: number, count: number): Promise<Buffer> {
    let bytes = Buffer.alloc(0)
    const done = this.#serially(async () => {
      bytes = Buffer.alloc(Math.max(0, Math.min(count, this.count - first + 1)))
      const inFile = Math.max(0, Math.min(bytes.length, this.#written - first + 1))
      const start = Math.max(0, first - 1 - this.#written)
      if (bytes.length > inFile) this.#buffer.copy(bytes, inFile, start, this.#buffered)
      if (inFile > 0) await (await this.#open()).read(bytes, 0, inFile, first - 1)
    })
    await done.catch(() => {})
    return bytes
  }

  /** Forgets all lines: the log began anew. */
  async clear(): Promise<void> {
    const done = this.#serially(async () => {
      this.#buffered = 0
      this.#written = 0
      await (await this.#open()).truncate(0)
    })
    // What the file holds beyond the lines that are counted is never read.
    await done.catch(() => {})
  }

  /** Lets go of the file. Whoever still reads has it opened for that moment only. */
  async close(): Promise<void> {
    this.#closed = true
    this.#busy = this.#busy.then(() => this.#letGo())
    await this.#busy
  }

  /** One file operation after another, so that `#written` is always what the file has. */
  #serially(work: () => Promise<void>): Promise<void> {
    const done = this.#busy.then(work).finally(() => (this.#closed ? this.#letGo() : undefined))
    this.#busy = done.catch(() => {})
    return done
  }

  async #letGo(): Promise<void> {
    const file = this.#file
    this.#file = null
    await file?.close().catch(() => {})
  }

  async #open(): Promise<FileHandle> {
    this.#file ??= await open(this.#path, this.#written === 0 ? 'w+' : 'r+')
    return this.#file
  }
}

/** Lines that are more than plain output, by kind, as `lines` events tell them; null when there are none. */
export type KindNumbers = NonNullable<LinesEvent['kinds']>

/** The kinds in `readBytes`, which begins at line `first`. */
export function kindNumbers(first: number, bytes: Uint8Array): KindNumbers | null {
  const kinds = new Map<number, LineKind>()
  for (let i = 0; i < bytes.length; i++) {
    const code = kindOfByte(bytes[i])
    if (code !== CODES.output) kinds.set(first + i, KINDS[code] ?? 'output')
  }
  return groupByKind(kinds)
}

export function groupByKind(kinds: ReadonlyMap<number, LineKind>): KindNumbers | null {
  if (kinds.size === 0) return null
  const numbers: KindNumbers = {}
  for (const [line, kind] of kinds) {
    const lines = numbers[kind]
    if (lines === undefined) numbers[kind] = [line]
    else lines.push(line)
  }
  return numbers
}

/** The byte of a kind, for scanning `readBytes`. */
export function kindCode(kind: LineKind): number {
  return CODES[kind]
}

/** The kind's byte of a line's byte, which may also say that the line was cut; 0 (plain output) for none. */
export function kindOfByte(byte: number | undefined): number {
  return byte === undefined ? 0 : byte & ~CUT
}
