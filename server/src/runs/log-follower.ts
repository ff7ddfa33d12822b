import { stat } from 'node:fs/promises'
import { unreachable } from '@tailgate/shared'
import type { Logger } from 'pino'
import { logPath } from '../feed/log-files.ts'
import { putBackLog } from '../feed/put-back-log.ts'
import type { LineBatch } from '../lines/line-cutter.ts'
import type { FollowDeps } from '../tail/followed-file.ts'
import { type LogCondition, pumpLog } from './log-pump.ts'
import type { Timers } from './run-clock.ts'
import type { RunLog } from './run-log.ts'

/**
 * Follows the log of one running engine into its feed, notes how far it has come, and knows what becomes of the file on
 * the way.
 */

/** How often is noted how far the log has been read, while it grows. */
const CHECKPOINT_INTERVAL_MS = 10_000

export type LogFollowerDeps = {
  readonly files: FollowDeps
  readonly timers: Timers
  readonly log: Logger
  /** After each batch of lines. */
  readonly onLines: (batch: LineBatch) => void
  /** The last line has stood still unfinished. */
  readonly onPartial: (text: string) => void
  /** The log began anew: `generation` is to be kept before anyone is told. */
  readonly onReset: (generation: number) => void
  /** `problem` has changed. */
  readonly onProblem: () => void
}

export class LogFollower {
  readonly #runLog: RunLog
  readonly #deps: LogFollowerDeps
  readonly #path: string
  #problem: string | null = null
  #lost: string | null = null
  #checkpointAt = 0

  constructor(runLog: RunLog, deps: LogFollowerDeps) {
    this.#runLog = runLog
    this.#deps = deps
    this.#path = logPath(runLog.runDir)
  }

  /** What is wrong with the log now, for the user; null when nothing is. */
  get problem(): string | null {
    return this.#problem
  }
  /** Why the log could not be read to its end, once that is certain. */
  get lost(): string | null {
    return this.#lost
  }

  /** Resolves when the writer is done and the log is read, or when it is told to leave. Never rejects. */
  async follow(writerDone: AbortSignal, leave: AbortSignal): Promise<void> {
    const { feed, kinds } = this.#runLog
    const { timers, log, onPartial, onReset } = this.#deps
    try {
      await pumpLog({
        feed,
        kinds,
        path: this.#path,
        signal: leave,
        writerDone,
        files: this.#holding(this.#deps.files),
        timers,
        reader: () => this.#runLog.parser,
        onLines: (batch) => this.#linesCame(batch),
        onPartial,
        onReset: (generation) => {
          this.#runLog.restart()
          // What was noted of the old log is of no more use.
          this.#checkpointAt = 0
          onReset(generation)
        },
        onCondition: (condition) => this.#note(condition),
      })
      // One that began anew and is not there was more than a log that never was.
      if (feed.generation > 0 && feed.bytes === 0 && !(await isThere(this.#path))) this.#lost ??= 'it was deleted'
    } catch (error) {
      log.error({ path: this.#path, error }, 'Internal error: following the log ended')
      this.#lost = 'reading it broke off; the log of the gateway has the details'
    }
  }

  /** Notes how far the log has been read; to be called between two batches of lines. Never rejects. */
  async checkpoint(): Promise<void> {
    const { timers, log } = this.#deps
    this.#checkpointAt = timers.now() + CHECKPOINT_INTERVAL_MS
    await this.#runLog.checkpoint().catch((error) => {
      log.warn({ path: this.#path, error }, 'The log cannot be indexed; a restart will read it anew.')
    })
  }

  /** Puts a log that was deleted back in its place, for those who come after the run's end. */
  async putBack(): Promise<void> {
    const { feed, handle } = this.#runLog
    try {
      if (await putBackLog(handle, feed.bytes)) handle.release()
    } catch (error) {
      this.#deps.log.error({ path: this.#path, error }, 'The log was deleted and cannot be written back.')
    }
  }

  /** Viewers read from an open file of their own, which must be the same one whatever becomes of its name. */
  #holding(files: FollowDeps): FollowDeps {
    return {
      ...files,
      open: async (path) => {
        const file = await files.open(path)
        await this.#runLog.handle.hold()
        return file
      },
    }
  }

  #linesCame(batch: LineBatch): void {
    this.#deps.onLines(batch)
    // Between two batches feed and parser are at the same line, which is what makes a checkpoint.
    if (this.#deps.timers.now() >= this.#checkpointAt) void this.checkpoint()
  }

  #note(condition: LogCondition): void {
    const { log, onProblem } = this.#deps
    if (condition.type !== 'recovered') log.warn({ path: this.#path, condition }, 'Something is wrong with a log.')
    if (condition.type === 'lost') this.#lost = condition.message
    this.#problem = problemOf(condition, this.#path)
    onProblem()
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

function problemOf(condition: LogCondition, path: string): string | null {
  switch (condition.type) {
    case 'recovered':
      return null
    case 'trouble':
      return `The log cannot be read now: ${condition.message}. Tailgate goes on trying; the run is not affected.`
    case 'deleted':
      return `The log ${path} was deleted or moved away. Tailgate shows what it can still read of it, and puts that back when the run has ended.`
    case 'lost':
      return `The log cannot be read to its end: ${condition.message}.`
    default:
      return unreachable(condition)
  }
}
