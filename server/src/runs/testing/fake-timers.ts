import type { Timers } from '../run-clock.ts'

type Waiting = { readonly at: number; readonly callback: () => void }

/** Timers that a test moves by hand. */
export class FakeTimers implements Timers {
  #now = 1_000
  #wall: number
  #waiting: Waiting[] = []
  /** How many milliseconds too early timers fire. */
  earlyMs = 0
  /** The longest wait that was asked for. */
  longestWaitMs = 0

  /** `wall`: milliseconds since 1970. */
  constructor(wall = Date.UTC(2025, 0, 1)) {
    this.#wall = wall
  }

  now(): number {
    return this.#now
  }

  wallClock(): number {
    return this.#wall
  }

  after(ms: number, callback: () => void): () => void {
    this.longestWaitMs = Math.max(this.longestWaitMs, ms)
    // A timer always takes a moment, as the real ones do.
    const waiting = { at: this.#now + Math.max(1, ms - this.earlyMs), callback }
    this.#waiting.push(waiting)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting)
    }
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Time passes and each timer fires when it is due. */
  advance(ms: number): void {
    const until = this.#now + ms
    for (let due = this.#firstDue(until); due !== undefined; due = this.#firstDue(until)) {
      this.#pass(Math.max(0, due.at - this.#now))
      this.#fire(due)
    }
    this.#pass(until - this.#now)
  }

  /** Time passes while nothing can fire, as when the process is busy or stopped; what is due then fires late. */
  stall(ms: number): void {
    this.#pass(ms)
    this.advance(0)
  }

  /** Somebody sets the system's clock. */
  setWallClock(wall: number): void {
    this.#wall = wall
  }

  #firstDue(until: number): Waiting | undefined {
    return this.#waiting.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0]
  }

  #fire(due: Waiting): void {
    this.#waiting = this.#waiting.filter((other) => other !== due)
    due.callback()
  }

  #pass(ms: number): void {
    this.#now += ms
    this.#wall += ms
  }
}
