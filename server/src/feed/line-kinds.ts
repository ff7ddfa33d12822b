import { type FileHandle, open } from 'node:fs/promises'
import type { LineKind, LinesEvent } from '@tailgate/shared'

/**
 * What each line of a log is, one byte a line, in a file beside it: ten million lines take ten megabytes, and both a
 * page of kinds and the next error or command are one short read away. The newest bytes wait in memory.
 */

const CODES: Readonly<Record<LineKind, number>> = { output: 0, command: 1, continuation: 2, error: 3 }
const KINDS: readonly LineKind[] = ['output', 'command', 'continuation', 'error']
/** Set beside the kind when the line was cut and goes on in the next. */
const CUT = 0x80

/** Lines held in memory before they are written out. */
const BUFFER_LINES = 64 * 1024

export type LineMark = { readonly kind: LineKind; readonly cut: boolean }

export class LineKinds {
  readonly #path: string
  #file: FileHandle | null = null
  #buffer = Buffer.alloc(BUFFER_LINES)
  #buffered = 0
  /** Lines whose bytes are in the file. */
  #written: number
  #busy: Promise<void> = Promise.resolve()

  /** `lines`: how many of an existing file's lines to go on from. */
  constructor(path: string, lines = 0) {
    this.#path = path
    this.#written = lines
  }

  get count(): number {
    return this.#written + this.#buffered
  }

  /** True when the next `add` needs a `flush` before it. */
  get full(): boolean {
    return this.#buffered === BUFFER_LINES
  }

  add(kind: LineKind, cut: boolean): void {
    if (this.full) throw new Error('Internal error: line kinds were added without being flushed')
    this.#buffer[this.#buffered++] = CODES[kind] | (cut ? CUT : 0)
  }

  /** Corrects a line that turned out to be something else. */
  async revise(line: number, kind: LineKind): Promise<void> {
    await this.#serially(async (file) => {
      const at = line - 1 - this.#written
      if (at >= 0) {
        this.#buffer[at] = ((this.#buffer[at] ?? 0) & CUT) | CODES[kind]
        return
      }
      const mark = Buffer.alloc(1)
      await file.read(mark, 0, 1, line - 1)
      mark[0] = ((mark[0] ?? 0) & CUT) | CODES[kind]
      await file.write(mark, 0, 1, line - 1)
    })
  }

  /** Writes out what waits in memory. */
  async flush(): Promise<void> {
    await this.#serially(async (file) => {
      const count = this.#buffered
      if (count === 0) return
      await file.write(this.#buffer, 0, count, this.#written)
      this.#buffer.copy(this.#buffer, 0, count, this.#buffered)
      this.#buffered -= count
      this.#written += count
    })
  }

  /** The marks of `count` lines from `first` on; fewer at the end. */
  async read(first: number, count: number): Promise<LineMark[]> {
    const bytes = await this.readBytes(first, count)
    return Array.from(bytes, (byte) => ({ kind: KINDS[byte & ~CUT] ?? 'output', cut: (byte & CUT) !== 0 }))
  }

  /** The same, as the bytes of the file. */
  async readBytes(first: number, count: number): Promise<Buffer> {
    if (first + count - 1 > this.#written) await this.flush()
    const wanted = Math.max(0, Math.min(count, this.#written - first + 1))
    const bytes = Buffer.alloc(wanted)
    if (wanted > 0) await this.#serially(async (file) => void (await file.read(bytes, 0, wanted, first - 1)))
    return bytes
  }

  /** Forgets all lines: the log began anew. */
  async clear(): Promise<void> {
    await this.#serially(async (file) => {
      this.#buffered = 0
      this.#written = 0
      await file.truncate(0)
    })
  }

  async close(): Promise<void> {
    await this.#busy
    await this.#file?.close()
    this.#file = null
  }

  /** One file operation after another, so that `#written` is always what the file has. */
  #serially(work: (file: FileHandle) => Promise<void>): Promise<void> {
    const done = this.#busy.then(async () => {
      this.#file ??= await open(this.#path, this.#written === 0 ? 'w+' : 'r+')
      await work(this.#file)
    })
    this.#busy = done.catch(() => {})
    return done
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
