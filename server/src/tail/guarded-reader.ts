import type { FollowedFile } from './followed-file.ts'

/**
 * Reads a growing file on from an offset. Each read also covers the last GUARD_BYTES before the offset: if they are
 * not what they were, or not there, the file is no longer the one that was read so far.
 */

/** Bytes asked of the file at once: while it grows slowly, and while each read finds that much. */
export const READ_BYTES = 64 * 1024
export const MAX_READ_BYTES = 256 * 1024
/** Bytes before the offset that each read checks again. */
const GUARD_BYTES = 64

export type Look =
  /** What is new at `offset`, perhaps nothing; valid until the next look. `more`: there may be more already. */
  | { readonly type: 'intact'; readonly bytes: Buffer; readonly offset: number; readonly more: boolean }
  | { readonly type: 'rewritten'; readonly reason: 'truncated' | 'replaced' }

export class GuardedReader {
  #offset: number
  readonly #guard = Buffer.alloc(GUARD_BYTES)
  /** Whether what lies before the offset has been read by us. */
  #isGuarded = false
  #buffer = Buffer.allocUnsafe(GUARD_BYTES + READ_BYTES)

  constructor(offset: number) {
    this.#offset = offset
  }

  /** How far it has read. */
  get offset(): number {
    return this.#offset
  }

  /** `fresh`: what is new was written just now. */
  async look(file: FollowedFile, fresh = false): Promise<Look> {
    const guardBytes = Math.min(GUARD_BYTES, this.#offset)
    const wanted = this.#buffer.subarray(0, guardBytes + this.#buffer.length - GUARD_BYTES)
    const position = this.#offset - guardBytes
    const count = (fresh ? file.readNow?.(wanted, position) : undefined) ?? (await file.read(wanted, position))
    if (count < guardBytes) return { type: 'rewritten', reason: 'truncated' }
    const isChanged = this.#isGuarded && wanted.compare(this.#guard, 0, guardBytes, 0, guardBytes) !== 0
    if (isChanged) return { type: 'rewritten', reason: 'replaced' }
    const offset = this.#offset
    this.#offset += count - guardBytes
    wanted.copy(this.#guard, 0, Math.max(0, count - GUARD_BYTES), count)
    this.#isGuarded = true
    const more = count === wanted.length
    if (more && wanted.length < MAX_READ_BYTES) this.#buffer = Buffer.allocUnsafe(GUARD_BYTES + MAX_READ_BYTES)
    return { type: 'intact', bytes: wanted.subarray(guardBytes, count), offset, more }
  }

  /** The file is another one now: reads on from its beginning. */
  restart(): void {
    this.#offset = 0
    this.#isGuarded = false
  }
}
