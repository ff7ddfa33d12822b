/** Values of the do-file language. A number is missing if it is at or above 2^1023, which is also how Stata stores `.`. */
export type Value = number | string

/** System missing, `.`; larger than every number, smaller than `.a` … `.z`. */
export const MISSING = 2 ** 1023

/** `.a` (1) … `.z` (26); 0 is `.`. */
export function extendedMissing(letter: number): number {
  return MISSING * (1 + letter / 4096)
}

export function isMissing(value: Value): boolean {
  return typeof value === 'string' ? value === '' : value >= MISSING
}

/** `.`, `.a` … `.z` for a missing number. */
export function missingName(value: number): string {
  const letter = Math.round((value / MISSING - 1) * 4096)
  return letter === 0 ? '.' : `.${String.fromCharCode(96 + letter)}`
}

/** What arithmetic gives back: no infinities and no NaN, only numbers and `.`. */
export function normalize(value: number): number {
  return value < MISSING && value > -MISSING ? value : MISSING
}

export const fromBoolean = (condition: boolean): number => (condition ? 1 : 0)
