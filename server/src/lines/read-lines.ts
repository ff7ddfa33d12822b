import { CHARACTER_BYTES, LINE_BOUNDS, type LineBatch, type LineBounds, LineCutter } from './line-cutter.ts'

/** Positional reads of a log; gives the number of bytes read, 0 at the end. */
export type ReadAt = (buffer: Buffer, position: number) => Promise<number>

/** A place in a log: the start of a line. */
export type LinePosition = { readonly offset: number; readonly line: number }

const LF = 0x0a

/** Bytes read at once: one `lines` event's worth. */
const BLOCK_BYTES = 64 * 1024

/**
 * Reads the next lines from `from`, one event's worth and none beyond `limit`, which is the end of a line.
 * Null when there are none: `from` is at the limit, or the file is shorter than it should be.
 */
export async function readLines(
  read: ReadAt,
  from: LinePosition,
  limit: number,
  bounds: LineBounds = LINE_BOUNDS,
): Promise<LineBatch | null> {
  const cutter = new LineCutter(from, bounds)
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, Math.max(limit - from.offset, 0)))
  for (let offset = from.offset; offset < limit; ) {
    const count = await read(buffer.subarray(0, Math.min(buffer.length, limit - offset)), offset)
    if (count === 0) return null
    offset += count
    const [batch] = cutter.push(buffer.subarray(0, count))
    if (batch !== undefined) return batch
  }
  return cutter.finish(await readFollowing(read, limit, cutter, bounds))
}

/** The line that begins at `offset`, or the one that `offset` lies in, counted from a line start before it. */
export async function locateOffset(
  read: ReadAt,
  from: LinePosition,
  offset: number,
  bounds: LineBounds = LINE_BOUNDS,
): Promise<LinePosition> {
  const cutter = new LineCutter(from, bounds)
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, offset - from.offset))
  for (let at = from.offset; at < offset; ) {
    const count = await read(buffer.subarray(0, Math.min(buffer.length, offset - at)), at)
    if (count === 0) break
    at += count
    cutter.push(buffer.subarray(0, count))
  }
  const { position } = cutter
  cutter.push(await readFollowing(read, offset, cutter, bounds))
  return cutter.position.offset <= offset ? cutter.position : position
}

/**
 * The bytes at `offset` that tell whether the line before it is cut there: a piece of a cut line is only cut off once
 * more of the line has come. None where that cannot be.
 */
async function readFollowing(read: ReadAt, offset: number, cutter: LineCutter, bounds: LineBounds): Promise<Buffer> {
  const following = Buffer.alloc(CHARACTER_BYTES)
  let length = 0
  if (cutter.heldBytes + CHARACTER_BYTES <= bounds.maxLineBytes) return following.subarray(0, length)
  for (let count = -1; count !== 0; length += count) count = await read(following.subarray(length), offset + length)
  const lineEnd = following.subarray(0, length).indexOf(LF)
  return following.subarray(0, lineEnd === -1 ? length : lineEnd)
}

/** Offset at which the last `count` lines of the first `end` bytes begin; counts line ends backwards. */
export async function locateTail(read: ReadAt, end: number, count: number): Promise<number> {
  if (count === 0) return end
  const buffer = Buffer.allocUnsafe(BLOCK_BYTES)
  let missing = count
  for (let blockEnd = end; blockEnd > 0; ) {
    const start = Math.max(0, blockEnd - BLOCK_BYTES)
    const bytes = buffer.subarray(0, await read(buffer.subarray(0, blockEnd - start), start))
    // The line end that closes the last line does not begin another.
    let at = blockEnd === end ? bytes.length - 1 : bytes.length
    while (at > 0) {
      at = bytes.lastIndexOf(LF, at - 1)
      if (at === -1) break
      missing -= 1
      if (missing === 0) return start + at + 1
    }
    blockEnd = start
  }
  return 0
}
