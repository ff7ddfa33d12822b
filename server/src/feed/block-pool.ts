import { MAX_EVENT_BYTES } from '@tailgate/shared'
import { LineKernel, SPARE_BYTES } from '../lines/line-kernel.ts'

/**
 * Memory in which stretches of logs are read and encoded, for all viewers together: a few blocks, used again and again.
 * Were it made anew for each stretch, V8 would collect its heap all the time of a replay, and the kernel hand out pages.
 */

/** As much as is written at once. With half of it a replay took twice as long. */
export const INPUT_BYTES = 8 * MAX_EVENT_BYTES
/** Lines of 24 bytes on the average still fit, encoded; shorter ones are written in two pieces. */
const OUTPUT_BYTES = 10 * MAX_EVENT_BYTES
const BLOCK_BYTES = INPUT_BYTES + SPARE_BYTES + OUTPUT_BYTES + SPARE_BYTES

/** For one viewer at full speed, of which one is read, one encoded and one written, and one for somebody else. */
const MAX_BLOCKS = 4

/** A part of the kernel's memory, until it is disposed of; addresses are places in that memory. */
export type Block = Disposable & {
  readonly kernel: LineKernel
  /** Where INPUT_BYTES of lines can lie. */
  readonly input: number
  /** Where they can be encoded to. */
  readonly output: number
  readonly outputEnd: number
}

export class BlockPool {
  #kernel: LineKernel | null = null
  readonly #free: number[] = Array.from({ length: MAX_BLOCKS }, (_, i) => i)

  /** Null when all are in use, or no more than `spare` would be left. */
  take(spare = 0): Block | null {
    const number = this.#free.length > spare ? this.#free.pop() : undefined
    if (number === undefined) return null
    this.#kernel ??= new LineKernel(MAX_BLOCKS * BLOCK_BYTES)
    const input = number * BLOCK_BYTES
    const output = input + INPUT_BYTES + SPARE_BYTES
    let isOurs = true
    return {
      kernel: this.#kernel,
      input,
      output,
      outputEnd: output + OUTPUT_BYTES,
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
