/**
 * Search in a time that grows with the text alone, whatever is in it and however long the needle is (Knuth, Morris and
 * Pratt, 1977). The engine's own search is faster by far, but for a long needle in a text made for it, it takes the
 * product of both lengths: half a second for a mebibyte.
 */
export class LongNeedle {
  readonly #codes: Uint16Array
  /** Of each start of the needle, how long its longest end is that is also a start of the needle. */
  readonly #borders: Uint16Array

  constructor(codes: Uint16Array) {
    this.#codes = codes
    this.#borders = bordersOf(codes)
  }

  /** Where the needle is first in a text, given as its codes; -1 when it is not. */
  indexIn(text: ArrayLike<number>): number {
    const codes = this.#codes
    const borders = this.#borders
    const { length } = text
    if (codes.length === 0) return 0
    for (let i = 0, matched = 0; i < length; i += 1) {
      const code = text[i]
      while (matched > 0 && codes[matched] !== code) matched = borders[matched - 1] ?? 0
      if (codes[matched] === code) matched += 1
      if (matched === codes.length) return i + 1 - matched
    }
    return -1
  }
}

/** The UTF-16 codes of a text; `ignoreCase`: of all letters that count as the same, one. */
export function codesOf(text: string, ignoreCase: boolean): Uint16Array {
  const codes = new Uint16Array(text.length)
  for (let i = 0; i < codes.length; i += 1) {
    const code = text.charCodeAt(i)
    codes[i] = ignoreCase ? foldCase(code) : code
  }
  return codes
}

/** What codes are folded to, as far as that was asked; 0 where it was not, and for 0 itself. */
const foldedCodes = new Uint16Array(0x1_0000)

/** As the `i` flag of regular expressions compares (ECMAScript, Canonicalize): one code by one. */
export function foldCase(code: number): number {
  const known = foldedCodes[code]
  if (known !== undefined && (known !== 0 || code === 0)) return known
  const upper = String.fromCharCode(code).toUpperCase()
  const single = upper.length > 1 ? code : upper.charCodeAt(0)
  const folded = code >= 0x80 && single < 0x80 ? code : single
  foldedCodes[code] = folded
  return folded
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
