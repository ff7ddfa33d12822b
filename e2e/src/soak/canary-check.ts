import { createHash } from 'node:crypto'
import type { TailgateEvent } from '@tailgate/client'

/** What a viewer of numbered lines got, against what there was. */
export type CanaryCounts = {
  readonly received: number
  readonly missing: number
  readonly duplicate: number
  readonly outOfOrder: number
  /** SHA-256 of the log as the viewer has it, in hexadecimal digits. */
  readonly hash: string
}

const CANARY = /^canary (\d+) /

/** Counts what is lost, doubled and mixed up on the way; believes nothing but the text of the lines. */
export class CanaryCheck {
  readonly #times: Uint8Array
  readonly #hash = createHash('sha256')
  #last = 0
  #outOfOrder = 0
  #received = 0

  constructor(lines: number) {
    this.#times = new Uint8Array(lines + 1)
  }

  /** Canary lines so far. */
  get received(): number {
    return this.#received
  }

  take(event: TailgateEvent): void {
    if (event.type !== 'lines') return
    for (const line of event.text) {
      this.#hash.update(`${line}\n`)
      const number = Number(CANARY.exec(`${line} `)?.[1] ?? 0)
      if (number === 0) continue
      this.#received += 1
      this.#times[number] = Math.min(255, (this.#times[number] ?? 0) + 1)
      if (number < this.#last) this.#outOfOrder += 1
      this.#last = number
    }
  }

  finish(): CanaryCounts {
    let missing = 0
    let duplicate = 0
    for (const times of this.#times.subarray(1)) {
      if (times === 0) missing += 1
      if (times > 1) duplicate += times - 1
    }
    const [received, outOfOrder] = [this.#received, this.#outOfOrder]
    return { received, missing, duplicate, outOfOrder, hash: this.#hash.digest('hex') }
  }
}
