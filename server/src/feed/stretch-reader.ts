import { MAX_EVENT_BYTES } from '@tailgate/shared'
import type { LinePosition, ReadAt } from '../lines/read-lines.ts'
import { type BlockPool, INPUT_BYTES } from './block-pool.ts'
import type { LineIndex } from './line-index.ts'
import { kindNumbers } from './line-kinds.ts'
import type { RunFeed } from './run-feed.ts'
import { type Piece, Stretch } from './stretch.ts'

/**
 * Reads a log in stretches for one viewer behind the live window, the next one while the last one is written. Each piece
 * lies between two places of the line index, so no line has to be counted.
 *
 * What the index cannot part into events (very long lines, the newest end) is for `readLines`, and so is everything
 * while all blocks are in use: a few viewers that have stopped keep nobody from reading.
 */
export class StretchReader {
  readonly #feed: RunFeed
  readonly #pool: BlockPool
  readonly #withKinds: boolean
  #ahead: { readonly offset: number; readonly generation: number; readonly stretch: Promise<Stretch | null> } | null =
    null

  constructor(feed: RunFeed, pool: BlockPool, { kinds }: { readonly kinds: boolean }) {
    this.#feed = feed
    this.#pool = pool
    this.#withKinds = kinds
  }

  /** The stretch that begins at a place and ends at `limit` at the latest; null when it must be read otherwise. */
  async read(at: LinePosition, limit: number): Promise<Stretch | null> {
    const { generation } = this.#feed
    const ahead = this.#ahead
    this.#ahead = null
    const fits = ahead !== null && ahead.offset === at.offset && ahead.generation === generation
    if (!fits) letGo(ahead?.stretch)
    const stretch = (fits ? await ahead.stretch : null) ?? (await this.#load(at, limit, 0))
    if (stretch === null || generation !== this.#feed.generation) {
      stretch?.[Symbol.dispose]()
      return null
    }
    const { end } = stretch
    const next = this.#load(end, limit, KEPT_FOR_OTHERS)
    this.#ahead = { offset: end.offset, generation, stretch: next }
    // It is told to who asks for it.
    next.catch(() => {})
    return stretch
  }

  /** Nothing more is wanted. */
  leave(): void {
    letGo(this.#ahead?.stretch)
    this.#ahead = null
  }

  async #load(at: LinePosition, limit: number, spare: number): Promise<Stretch | null> {
    const { index, read, kinds, runId, generation } = this.#feed
    const ends = eventEnds(index, at.offset, limit)
    const last = ends.at(-1)
    if (last === undefined) return null
    const block = this.#pool.take(spare)
    if (block === null) return null
    try {
      const [isWhole, marks] = await Promise.all([
        readWhole(read, block.kernel.memory.subarray(block.input, block.input + last.offset - at.offset), at.offset),
        this.#withKinds ? kinds.readBytes(at.line, last.line - at.line) : null,
      ])
      const pieces: Piece[] = []
      let from = at
      for (const to of isWhole ? ends : []) {
        const [start, end] = [block.input + from.offset - at.offset, block.input + to.offset - at.offset]
        // Not whole lines: the end of a log that went on after all.
        if (block.kernel.memory[end - 1] !== LF) break
        pieces.push({
          cursor: { runId, generation, offset: to.offset, ended: false },
          first: from.line,
          start,
          end,
          kinds: marks && kindNumbers(from.line, marks.subarray(from.line - at.line, to.line - at.line)),
        })
        from = to
      }
      if (pieces.length > 0) return new Stretch(block, pieces, from)
    } catch (error) {
      block[Symbol.dispose]()
      throw error
    }
    block[Symbol.dispose]()
    return null
  }
}

const LF = 0x0a

/** Blocks that nobody reads ahead into. */
const KEPT_FOR_OTHERS = 1

/** One that was read for nobody; its memory is free once the reading is over. */
function letGo(stretch: Promise<Stretch | null> | undefined): void {
  stretch?.then(
    (read) => read?.[Symbol.dispose](),
    () => {},
  )
}

/** Places of the index that part what follows `offset` into events that fit a block. */
function eventEnds(index: LineIndex, offset: number, limit: number): LinePosition[] {
  const ends: LinePosition[] = []
  const most = Math.min(offset + INPUT_BYTES, limit)
  for (let at = offset; ; ) {
    const end = index.beforeOffset(Math.min(at + MAX_EVENT_BYTES, most))
    if (end.offset <= at) return ends
    ends.push(end)
    at = end.offset
  }
}

/** Fills the buffer from a place on; false when the file is shorter. */
async function readWhole(read: ReadAt, buffer: Buffer, start: number): Promise<boolean> {
  for (let length = 0; length < buffer.length; ) {
    const count = await read(buffer.subarray(length), start + length)
    if (count === 0) return false
    length += count
  }
  return true
}
