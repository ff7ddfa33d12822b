import type { Value } from './values.ts'

/** What an expression can see of the session. */
export interface Environment {
  /** The value of a variable (at the current observation) or scalar; undefined if there is neither. */
  lookup(name: string): Value | undefined
  /** name[index], with the 1-based index. */
  element(name: string, index: number): Value
  /** r(name), e(name), c(name); missing if it is not set. */
  stored(family: 'r' | 'e' | 'c', name: string): Value
  scalar(name: string): Value | undefined
  /** _n, or 1 outside the data. */
  readonly observation: number
  /** _N */
  readonly observations: number
  /** _rc */
  readonly returnCode: number
  /** A uniform random number in (0, 1). */
  random(): number
}
