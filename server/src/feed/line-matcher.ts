import { encodings } from '../lines/decode-lines.ts'
import { codesOf, LongNeedle } from './long-needle.ts'

/**
 * What a search looks for: quickly in bytes, to skip what cannot match, and exactly in the text of a line.
 *
 * In either case, letters match as JavaScript's `i` flag has it: one by one, so that "ß" is not "SS".
 */
export type LineMatcher = {
  /** Offset of the first byte of what may be a match; -1 when the block holds none. */
  firstHit(block: Buffer): number
  /** Where a line matches first; -1 when it does not. */
  indexIn(text: string): number
}

/** Of a longer text, a mebibyte made for it would hold the event loop for more than 20 ms. */
const MAX_NATIVE_LENGTH = 32

export function createLineMatcher(query: string, ignoreCase: boolean): LineMatcher {
  if (query.length > MAX_NATIVE_LENGTH) return longMatcher(query, ignoreCase)
  if (!ignoreCase) {
    const needles = encodings(query)
    return {
      firstHit: (block) => earliest(needles.map((needle) => block.indexOf(needle))),
      indexIn: (text) => text.indexOf(query),
    }
  }
  const pattern = anyCase(query)
  // Letters beyond ASCII have other bytes in the other case; of such a text only the ASCII part is looked for in bytes.
  const plain = longestAscii(query)
  const plainPattern = anyCase(plain)
  return {
    firstHit: (block) => (plain === '' ? 0 : block.toString('latin1').search(plainPattern)),
    indexIn: (text) => text.search(pattern),
  }
}

function longMatcher(query: string, ignoreCase: boolean): LineMatcher {
  const inText = new LongNeedle(codesOf(query, ignoreCase))
  const indexIn = (text: string) => inText.indexIn(codesOf(text, ignoreCase))
  if (ignoreCase) {
    const inBytes = new LongNeedle(codesOf(longestAscii(query), true))
    return { indexIn, firstHit: (block) => inBytes.indexIn(codesOf(block.toString('latin1'), true)) }
  }
  const needles = encodings(query).map((bytes) => new LongNeedle(Uint16Array.from(bytes)))
  return { indexIn, firstHit: (block) => earliest(needles.map((needle) => needle.indexIn(block))) }
}

function anyCase(text: string): RegExp {
  return new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i')
}

function longestAscii(text: string): string {
  const parts = text.match(/[\0-\x7f]+/g) ?? []
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '')
}

function earliest(offsets: readonly number[]): number {
  const found = offsets.filter((offset) => offset !== -1)
  return found.length === 0 ? -1 : Math.min(...found)
}
