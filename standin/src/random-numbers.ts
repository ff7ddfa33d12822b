/** A small seeded generator (mulberry32): repeatable after `set seed`, but not Stata's own sequence. */
const DEFAULT_SEED = 123_456_789
const STEP = 0x6d2b79f5
const RANGE = 4_294_967_296

export class RandomNumbers {
  #state = DEFAULT_SEED

  seed(value: number): void {
    this.#state = (Math.floor(value) % RANGE) | 0
  }

  /** A number in the open interval (0, 1). */
  next(): number {
    this.#state = (this.#state + STEP) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / RANGE
  }
}
