/**
 * Search in a time that grows with the text alone, whatever is in it and however long the needle is (Knuth, Morris and
 * Pratt, 1977). The engine's own search is faster by far, but for a long needle in a text made for it, it takes the
 * product of both lengths: half a second for a mebibyte.
 */
export class LongNeedle {
  readonly #codes: Uint16Array
  /** Of each start of the needle, how long its longest end is that is also a start of the needle. */
  readonly #borders: Uint16Array
  readonly #fold: (code: number) => number

  /** `fold`: what two codes that count as the same have in common. */
  constructor(codes: readonly number[], fold: (code: number) => number = (code) => code) {
    this.#codes = Uint16Array.from(codes, fold)
    this.#borders = bordersOf(this.#codes)
    this.#fold = fold
  }

  /** Where the needle is first in a text of so many codes; -1 when it is not. Each code is asked for once at the most. */
  indexIn(length: number, codeAt: (index: number) => number): number {
    const codes = this.#codes
    if (codes.length === 0) return 0
    let matched = 0
    for (let i = 0; i < length; i += 1) {
      const code = this.#fold(codeAt(i))
      while (matched > 0 && codes[matched] !== code) matched = this.#borders[matched - 1] ?? 0
      if (codes[matched] === code) matched += 1
      if (matched === codes.length) return i + 1 - matched
    }
    return -1
  }
}

/** As the `i` flag of regular expressions compares (ECMAScript, Canonicalize): one code by one. */
export function foldCase(code: number): number {
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? code - 0x20 : code
  const upper = String.fromCharCode(code).toUpperCase()
  const folded = upper.charCodeAt(0)
  return upper.length > 1 || folded < 0x80 ? code : folded
}

function bordersOf(codes: Uint16Array): Uint16Array {
  const borders = new Uint16Array(codes.length)
  for (let i = 1, matched = 0; i < codes.length; i += 1) {
    while (matched > 0 && codes[matched] !== codes[i]) matched = borders[matched - 1] ?? 0
    if (codes[matched] === codes[i]) matched += 1
    borders[i] = matched
  }
  return borders
}
