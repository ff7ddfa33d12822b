import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { err, ok, type Result } from '@tailgate/shared'

/**
 * Encodes the bytes of log lines for the wire without making strings of them: the shell of the WebAssembly kernel in
 * `server/kernel`. Bytes go in and out through one memory, whose every byte is the caller's. Lines are what lies between
 * LFs; whether their bytes are UTF-8, and what becomes of CR and NUL, is for the caller to say.
 */

/**
 * How far an encoder came: it stops before a line that does not fit. What it tells of the bytes may then be owed to that
 * line; it never misses any in the lines encoded.
 */
export type KernelResult = {
  /** The place after the last line encoded. */
  readonly read: number
  /** The end of what was written. */
  readonly written: number
  /** How many lines were encoded. */
  readonly lines: number
  /** They have no byte of 0x80 or above. */
  readonly ascii: boolean
  /** They have no NUL and no CR. */
  readonly plain: boolean
}

/** This many bytes behind the end of the input may be read, and behind the limit of the output be overwritten. */
export const SPARE_BYTES = 16

const PAGE_BYTES = 64 * 1024
const LF = 0x0a

type Encode = (input: number, inputEnd: number, output: number, outputEnd: number) => void

type KernelExports = {
  readonly dataFields: Encode
  readonly jsonStrings: Encode
  readonly read: { readonly value: number }
  readonly written: { readonly value: number }
  readonly lines: { readonly value: number }
  readonly high: { readonly value: number }
  readonly odd: { readonly value: number }
}

/** The compiled kernel in a file; the error is for the user. */
export function compileKernel(file: string): Result<WebAssembly.Module, string> {
  try {
    return ok(new WebAssembly.Module(readFileSync(file)))
  } catch (error) {
    return err(
      `The line kernel cannot be loaded: ${error instanceof Error ? error.message : error}. ` +
        "It has to be built first: run npx --yes pnpm@10 build in Tailgate's directory.",
    )
  }
}

const compiled = compileKernel(fileURLToPath(new URL('../../kernel/dist/line-kernel.wasm', import.meta.url)))

/** Why no kernel can be made, for the user; null if one can. */
export const kernelProblem: string | null = compiled.ok ? null : compiled.error

export class LineKernel {
  /** All of the kernel's memory: files are read into it, sockets written from it. It never moves. */
  readonly memory: Buffer
  readonly #kernel: KernelExports

  /** With a memory of `bytes`, in whole pages of 64 KiB and below 2 GiB; it stays that large. */
  constructor(bytes: number) {
    if (!compiled.ok) throw new Error(`Internal error: ${compiled.error}`)
    const pages = Math.ceil(bytes / PAGE_BYTES)
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
    // What server/kernel/line-kernel.ts exports.
    this.#kernel = new WebAssembly.Instance(compiled.value, { env: { memory } }).exports as KernelExports
    this.memory = Buffer.from(memory.buffer)
  }

  /**
   * Writes each line in `from`..`to`, the last of which ends there with its LF, as a field of an SSE event: `data: `,
   * the line, LF. It writes to `at`..`limit`, which must not overlap the input, nor may the spare bytes behind it.
   */
  dataFields(from: number, to: number, at: number, limit: number): KernelResult {
    return this.#encode(this.#kernel.dataFields, from, to, at, limit)
  }

  /** The same, as JSON strings with commas between them, escaped as `JSON.stringify` does it. */
  jsonStrings(from: number, to: number, at: number, limit: number): KernelResult {
    return this.#encode(this.#kernel.jsonStrings, from, to, at, limit)
  }

  #encode(encode: Encode, from: number, to: number, at: number, limit: number): KernelResult {
    const end = this.memory.length - SPARE_BYTES
    const inside = 0 <= from && from <= to && to <= end && 0 <= at && at <= limit && limit <= end
    const apart = limit + SPARE_BYTES <= from || to <= at
    if (!inside || !apart || (from < to && this.memory[to - 1] !== LF)) {
      throw new Error(`Internal error: lines at ${from}..${to} cannot be encoded to ${at}..${limit}`)
    }
    encode(from, to, at, limit)
    const { read, written, lines, high, odd } = this.#kernel
    return {
      read: read.value,
      written: written.value,
      lines: lines.value,
      ascii: high.value === 0,
      plain: odd.value === 0,
    }
  }
}
