/**
 * Carries items from a source that pushes to one consumer that pulls.
 *
 * It is bounded by agreement: a source that waits for `room()` before it reads on adds no more than what it had
 * already read. Items that came before the end, or before a failure, are still delivered.
 */
export class Inbox<T extends object> {
  readonly #capacity: number
  readonly #items: T[] = []
  #end: { readonly failure: unknown } | 'normal' | undefined
  #wakeConsumer: () => void = () => undefined
  #wakeSource: () => void = () => undefined

  /** `capacity`: how many items may wait before `room()` holds the source back. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** How many items wait. */
  get size(): number {
    return this.#items.length
  }

  push(item: T): void {
    if (this.#end !== undefined) return
    this.#items.push(item)
    this.#wakeConsumer()
  }

  /** Nothing more will come; with a failure, the consumer gets it after the last item. The first call counts. */
  close(end: { readonly failure: unknown } | 'normal' = 'normal'): void {
    this.#end ??= end
    this.#wakeConsumer()
    this.#wakeSource()
  }

  /** Resolves once fewer items than the capacity wait, or nobody will take any more. For one source at a time. */
  async room(): Promise<void> {
    while (this.#items.length >= this.#capacity && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wakeSource = resolve
      })
    }
  }

  /** Takes the items, one by one, until the inbox is closed and empty. For one consumer. */
  async *take(): AsyncGenerator<T> {
    while (true) {
      const item = this.#items.shift()
      if (item !== undefined) {
        this.#wakeSource()
        yield item
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => {
          this.#wakeConsumer = resolve
        })
      } else if (this.#end === 'normal') return
      else throw this.#end.failure
    }
  }
}
