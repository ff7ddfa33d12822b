import { type FileHandle, open } from 'node:fs/promises'
import type { ReadAt } from '../lines/read-lines.ts'

/** After this long without a read, the file is closed until the next one. */
const IDLE_MS = 10_000

/**
 * One open file for all the positional reads of a log, opened when first needed and closed when idle. Held, it stays
 * open, so that a log that is deleted meanwhile can be read on.
 */
export class LogHandle {
  readonly path: string
  #file: Promise<FileHandle> | null = null
  #reads = 0
  #idle: NodeJS.Timeout | null = null
  #held = false
  readonly #idleMs: number

  constructor(path: string, idleMs = IDLE_MS) {
    this.path = path
    this.#idleMs = idleMs
  }

  readonly read: ReadAt = async (buffer, position) => {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#reads += 1
    this.#file ??= open(this.path, 'r')
    const opened = this.#file
    try {
      const file = await opened
      return (await file.read(buffer, 0, buffer.length, position)).bytesRead
    } catch (error) {
      if (this.#file === opened) this.#file = null
      await closeQuietly(opened)
      // A log that is gone reads as empty; whoever follows it is told through the run's outcome.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
      throw error
    } finally {
      this.#reads -= 1
      if (this.#reads === 0 && !this.#held) this.#closeWhenIdle()
    }
  }

  /** Opens the file if it is there, and keeps it open until `release` or `close`. */
  async hold(): Promise<void> {
    this.#held = true
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#file ??= open(this.path, 'r')
    const opened = this.#file
    await opened.catch(() => {
      if (this.#file === opened) this.#file = null
    })
  }

  release(): void {
    this.#held = false
    if (this.#reads === 0) this.#closeWhenIdle()
  }

  #closeWhenIdle(): void {
    if (this.#idle !== null) clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref()
  }

  /** The name stands for another file now. */
  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle)
    const file = this.#file
    this.#file = null
    if (file !== null) await closeQuietly(file)
  }
}

async function closeQuietly(opened: Promise<FileHandle>): Promise<void> {
  const file = await opened.catch(() => null)
  await file?.close().catch(() => {})
}
