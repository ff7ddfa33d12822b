/**
 * Decimal digits of a number as C's printf rounds them: exact, and a true tie to the even digit. JavaScript's own toFixed
 * and toExponential are exact too but round a tie up, so 2.25 would show as 2.3 where Stata shows 2.2. Pure.
 */

/** toFixed and toExponential allow this many digits. */
const MAX_DIGITS = 100
/** A tie is exact in binary, so this many zeros behind its 5 prove it. */
const PROOF = 20

/** Digits written out in full, however large the number. */
export function toFixedEven(value: number, decimals: number): string {
  const digits = Math.min(decimals, MAX_DIGITS)
  const text = value.toFixed(digits)
  if (text.includes('e')) return BigInt(value).toString()
  const longer = value.toFixed(Math.min(digits + 1, MAX_DIGITS))
  if (!longer.endsWith('5')) return text
  const exact = value.toFixed(Math.min(digits + 1 + PROOF, MAX_DIGITS))
  const truncated = longer.slice(0, -1).replace(/\.$/, '')
  return isTie(exact.slice(longer.length)) && endsEven(truncated) ? truncated : text
}

/** `d.ddde+N`, as toExponential writes it. */
export function toExponentialEven(value: number, decimals: number): string {
  const digits = Math.min(decimals, MAX_DIGITS)
  const text = value.toExponential(digits)
  const [longer = '', exponent = ''] = value.toExponential(Math.min(digits + 1, MAX_DIGITS)).split('e')
  if (!longer.endsWith('5')) return text
  const exact = value.toExponential(Math.min(digits + 1 + PROOF, MAX_DIGITS)).split('e')[0] ?? ''
  const truncated = longer.slice(0, -1).replace(/\.$/, '')
  return isTie(exact.slice(longer.length)) && endsEven(truncated) ? `${truncated}e${exponent}` : text
}

function isTie(digitsAfterTheFive: string): boolean {
  return /^0*$/.test(digitsAfterTheFive)
}

function endsEven(text: string): boolean {
  return Number(text.at(-1)) % 2 === 0
}
