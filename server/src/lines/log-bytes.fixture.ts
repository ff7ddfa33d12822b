import fc from 'fast-check'
import type { LineBatch, LineBounds } from './line-cutter.ts'
import type { ReadAt } from './read-lines.ts'

/** Logs for property tests: everything that can go wrong at the edge of a chunk, and long lines at small bounds. */

/** Small enough that a few letters make a long line. */
export const SMALL_BOUNDS: LineBounds = { maxLineBytes: 16, maxBatchBytes: 10 }

const PARTS = ['\n', '\r\n', '\r', '\0', '.', 'ab', 'é', '€', '𝄞', '0123456789'].map((text) => Buffer.from(text))
/** Not UTF-8: Windows-1252 letters, halves of characters. */
const FOREIGN = [[0xe9], [0x80], [0xe2, 0x82], [0xf0, 0x9d], [0xff]].map((bytes) => Buffer.from(bytes))

const concatenated = (parts: readonly Buffer[]) =>
  fc.array(fc.constantFrom(...parts), { maxLength: 60, size: 'max' }).map((chosen) => Buffer.concat(chosen))

export const utf8Log = concatenated(PARTS)
export const anyLog = fc.oneof(utf8Log, concatenated([...PARTS, ...FOREIGN]))

/** A log, and the same in pieces. */
export const chunkedLog = fc
  .tuple(anyLog, fc.array(fc.nat(12), { maxLength: 100, size: 'max' }))
  .map(([bytes, sizes]) => {
    const chunks: Buffer[] = []
    let at = 0
    for (const size of sizes) {
      chunks.push(bytes.subarray(at, at + size))
      at += size
    }
    return { bytes, chunks: [...chunks, bytes.subarray(at)] }
  })

/** One line with everything that is known of it. */
export type KnownLine = {
  readonly number: number
  readonly start: number
  readonly text: string
  readonly cut: boolean
}

/** Lines of batches that must follow on each other; the start is known of each batch's first line only. */
export function linesOf(batches: readonly LineBatch[]): { number: number; text: string; cut: boolean }[] {
  return batches.flatMap(({ first, text, cut }) =>
    text.map((line, i) => ({ number: first + i, text: line, cut: cut.includes(first + i) })),
  )
}

/** The lines of a finished log, found the slow way: split at LF, then cut character by character. */
export function knownLines(bytes: Buffer, { maxLineBytes }: LineBounds): KnownLine[] {
  const lines: KnownLine[] = []
  const add = (start: number, piece: Buffer, cut: boolean) => {
    const text = decode(piece)
    lines.push({ number: lines.length + 1, start, text: cut ? text : text.replace(/\r$/, ''), cut })
  }
  for (let start = 0; start < bytes.length; ) {
    const lineEnd = bytes.indexOf('\n', start)
    const end = lineEnd === -1 ? bytes.length : lineEnd
    while (end - start > maxLineBytes) {
      const edge = start + maxLineBytes - unfinishedBytes(bytes.subarray(start, start + maxLineBytes))
      add(start, bytes.subarray(start, edge), true)
      start = edge
    }
    add(start, bytes.subarray(start, end), false)
    start = end + 1
  }
  return lines
}

/** How many bytes at the end begin a UTF-8 character that goes on. */
function unfinishedBytes(bytes: Buffer): number {
  const end = bytes.toString('latin1')
  return /([\xc0-\xff]|[\xe0-\xff][\x80-\xbf]|[\xf0-\xff][\x80-\xbf]{2})$/.exec(end)?.[0].length ?? 0
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** Positional reads of bytes in memory, at most `most` at once. */
export function readsOf(bytes: Buffer, most = Number.POSITIVE_INFINITY): ReadAt {
  return async (buffer, position) => bytes.copy(buffer, 0, position, Math.min(bytes.length, position + most))
}
