/** Who waits and who runs: first come, first served, so many at a time. Pure. */
export class RunQueue {
  readonly #maxRunning: number
  #waiting: string[] = []
  #running = new Set<string>()

  constructor(maxRunning: number) {
    this.#maxRunning = maxRunning
  }

  get waiting(): readonly string[] {
    return this.#waiting
  }

  get running(): number {
    return this.#running.size
  }

  add(runId: string): void {
    this.#waiting.push(runId)
  }

  /** Takes a place for a new run, if there is one and nobody waits for it. */
  enter(runId: string): boolean {
    if (this.#waiting.length > 0 || this.#running.size >= this.#maxRunning) return false
    this.#running.add(runId)
    return true
  }

  /** A run that is already going takes its place without asking: it was admitted by an earlier gateway. */
  adopt(runId: string): void {
    this.#running.add(runId)
  }

  /** The next run, now counted as running; null when nobody waits or all places are taken. */
  admit(): string | null {
    if (this.#running.size >= this.#maxRunning) return null
    const next = this.#waiting.shift()
    if (next === undefined) return null
    this.#running.add(next)
    return next
  }

  /** Waiting or running, it is not any more. */
  remove(runId: string): void {
    this.#running.delete(runId)
    this.#waiting = this.#waiting.filter((id) => id !== runId)
  }

  /** 1-based place of a waiting run, else null. */
  position(runId: string): number | null {
    const index = this.#waiting.indexOf(runId)
    return index === -1 ? null : index + 1
  }
}
