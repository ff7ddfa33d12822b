/**
 * Lets only so many searches scan logs at the same time. Further ones wait for their turn in the order they came, and
 * when too many wait, the next is refused: a search reads the disk and takes turns of the event loop from all viewers.
 */

/** Searches that may scan at the same time. */
export const MAX_SEARCHES = 4

/** Searches that may wait for their turn. */
export const MAX_WAITING_SEARCHES = 64

export class SearchTurns {
  readonly #most: number
  readonly #mostWaiting: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(most = MAX_SEARCHES, mostWaiting = MAX_WAITING_SEARCHES) {
    this.#most = most
    this.#mostWaiting = mostWaiting
  }

  get running(): number {
    return this.#running
  }
  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves when it is this search's turn, to be disposed of at its end; null when too many wait, or on abort. */
  async take(signal: AbortSignal): Promise<Disposable | null> {
    if (this.#running >= this.#most) {
      if (this.#waiting.size >= this.#mostWaiting) return null
      const turn = Promise.withResolvers<void>()
      this.#waiting.add(turn.resolve)
      signal.addEventListener('abort', () => turn.resolve(), { once: true })
      if (signal.aborted) turn.resolve()
      await turn.promise
      // Whoever was called has been taken off the list, and the place is already counted as taken.
      if (this.#waiting.delete(turn.resolve)) return null
    } else {
      this.#running += 1
    }
    let over = false
    return {
      [Symbol.dispose]: () => {
        if (over) return
        over = true
        this.#passOn()
      },
    }
  }

  #passOn(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running -= 1
      return
    }
    this.#waiting.delete(next)
    next()
  }
}
