import { type FileHandle, open } from 'node:fs/promises'
import type { ReadAt } from '../lines/read-lines.ts'

/** After this long without a read, the file is closed until the next one. */
const IDLE_MS = 10_000

/** One open file for all the positional reads of a log, opened when first needed and closed when idle. */
export class LogHandle {
  readonly path: string
  #file: Promise<FileHandle> | null = null
  #reads = 0
  #idle: NodeJS.Timeout | null = null

  constructor(path: string) {
    this.path = path
  }

  readonly read: ReadAt = async (buffer, position) => {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#reads += 1
    try {
      this.#file ??= open(this.path, 'r')
      const file = await this.#file
      return (await file.read(buffer, 0, buffer.length, position)).bytesRead
    } catch (error) {
      this.#file = null
      // A log that is gone reads as empty; whoever follows it is told through the run's outcome.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
      throw error
    } finally {
      this.#reads -= 1
      if (this.#reads === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS).unref()
    }
  }

  /** The name stands for another file now. */
  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle)
    const file = this.#file
    this.#file = null
    await (await file?.catch(() => null))?.close()
  }
}
