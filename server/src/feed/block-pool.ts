import { MAX_EVENT_BYTES } from '@tailgate/shared'
import { LineKernel, SPARE_BYTES } from '../lines/line-kernel.ts'

/**
 * Memory in which stretches of logs are read and encoded, for all viewers together: a few blocks, used again and again.
 * Were it made anew for each stretch, V8 would collect its heap all the time of a replay, and the kernel hand out pages.
 */

/** As much as is read and written at once. Written in quarters, a replay took a third more of the main thread's time. */
export const INPUT_BYTES = 16 * MAX_EVENT_BYTES
/**
 * Free memory before the input. Lines are encoded to the beginning of the block, over input that is encoded already but
 * never over a piece's own. So it takes one piece, and what encoding adds to all of them: of lines of 24 bytes on the
 * average a quarter. Shorter ones are written in several parts.
 */
const LEAD_BYTES = MAX_EVENT_BYTES + INPUT_BYTES / 4
const BLOCK_BYTES = LEAD_BYTES + INPUT_BYTES + SPARE_BYTES

/** For one viewer at full speed, of which one is read, one encoded and one written, and one for somebody else. */
const MAX_BLOCKS = 4

/** A part of the kernel's memory, until it is disposed of; addresses are places in that memory. */
export type Block = Disposable & {
  readonly kernel: LineKernel
  /** Where INPUT_BYTES of lines can lie. */
  readonly input: number
  /** The place from which on they can be encoded to: over those that are encoded already. */
  readonly output: number
  readonly end: number
}

export class BlockPool {
  #kernel: LineKernel | null = null
  readonly #free: number[] = Array.from({ length: MAX_BLOCKS }, (_, i) => i)

  /** Null when all are in use, or no more than `spare` would be left. */
  take(spare = 0): Block | null {
    const number = this.#free.length > spare ? this.#free.pop() : undefined
    if (number === undefined) return null
    this.#kernel ??= new LineKernel(MAX_BLOCKS * BLOCK_BYTES)
    const output = number * BLOCK_BYTES
    let isOurs = true
    return {
      kernel: this.#kernel,
      input: output + LEAD_BYTES,
      output,
      end: output + BLOCK_BYTES,
      [Symbol.dispose]: () => {
        if (isOurs) this.#free.push(number)
        isOurs = false
      },
    }
  }

  /** Blocks in use. */
  get taken(): number {
    return MAX_BLOCKS - this.#free.length
  }
}
