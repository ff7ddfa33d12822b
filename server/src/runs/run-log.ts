import type { Run } from '@tailgate/shared'
import { LineIndex } from '../feed/line-index.ts'
import { LineKinds } from '../feed/line-kinds.ts'
import { kindsPath, loadCheckpoint, logPath, type SavedLog, saveCheckpoint } from '../feed/log-files.ts'
import { LogGrowth, loadGrowth, saveGrowth } from '../feed/log-growth.ts'
import { LogHandle } from '../feed/log-handle.ts'
import { RunFeed } from '../feed/run-feed.ts'
import { readLines } from '../lines/read-lines.ts'
import type { DoFileOutline } from '../stata/log/do-file-outline.ts'
import type { LogParser } from '../stata/log/log-parser.ts'
import { markLines } from './log-pump.ts'

/** One run's log with all that is derived from it: feed, line kinds, and the parser that knows what it says. */

/**
 * Makes a parser, new or from a snapshot; null when the snapshot is not one of its own. `outline`: of the do-file, if
 * more is known of it than when the log was opened.
 */
export type CreateParser = (snapshot?: unknown, outline?: DoFileOutline | null) => LogParser | null

export class RunLog {
  readonly runDir: string
  readonly feed: RunFeed
  readonly kinds: LineKinds
  readonly handle: LogHandle
  readonly growth: LogGrowth
  #createParser: CreateParser
  #parser: LogParser
  #saved: Promise<void> = Promise.resolve()

  private constructor(
    parts: Pick<RunLog, 'runDir' | 'feed' | 'kinds' | 'handle' | 'growth'>,
    create: CreateParser,
    parser: LogParser,
  ) {
    this.runDir = parts.runDir
    this.feed = parts.feed
    this.kinds = parts.kinds
    this.handle = parts.handle
    this.growth = parts.growth
    this.#createParser = create
    this.#parser = parser
  }

  /**
   * Goes on from the checkpoint where there is one that fits, else from the log's beginning. `generation`: of the log
   * that viewers were told of last.
   */
  static async open(runDir: string, run: Run, generation: number, createParser: CreateParser): Promise<RunLog> {
    const [saved, growth] = await Promise.all([loadCheckpoint(runDir), loadGrowth(runDir)])
    return RunLog.#resume(runDir, run, generation, createParser, saved, growth)
  }

  /** The log of a run that is new, in a directory with nothing in it. */
  static create(runDir: string, run: Run, createParser: CreateParser): RunLog {
    return RunLog.#resume(runDir, run, 0, createParser, null, new LogGrowth())
  }

  static #resume(
    runDir: string,
    run: Run,
    generation: number,
    createParser: CreateParser,
    saved: SavedLog | null,
    growth: LogGrowth,
  ): RunLog {
    // One of an older generation is of a log that is gone, however much what lies there now looks like it.
    const resume = saved !== null && saved.generation >= generation ? saved.resume : null
    const restored = resume === null ? null : createParser(resume.checkpoint.parser)
    const handle = new LogHandle(logPath(runDir))
    const beginning = { generation: Math.max(saved?.generation ?? 0, generation), bytes: 0, lines: 0 }
    const from = resume !== null && restored !== null ? resume.checkpoint : beginning
    const index = resume !== null && restored !== null ? resume.index : new LineIndex()
    const kinds = new LineKinds(kindsPath(runDir), from.lines)
    const feed = new RunFeed({ run, index, kinds, read: handle.read, ...from })
    return new RunLog({ runDir, feed, kinds, handle, growth }, createParser, restored ?? fresh(createParser))
  }

  get parser(): LogParser {
    return this.#parser
  }

  /** Reads what the log holds beyond the feed, up to `bytes`: for a run that is over and was not read to its end. */
  async catchUp(bytes: number): Promise<void> {
    for (;;) {
      const at = { offset: this.feed.bytes, line: this.feed.lines + 1 }
      const batch = await readLines(this.handle.read, at, bytes)
      if (batch === null) return
      this.feed.append(batch, await markLines(batch, this.kinds, this.#parser))
    }
  }

  /** What the do-file was when it was launched, before anything of the log was read. */
  outline(outline: DoFileOutline): void {
    const create = this.#createParser
    this.#createParser = (snapshot) => create(snapshot, outline)
    this.#parser = fresh(this.#createParser)
  }

  /** The log began anew. */
  restart(): void {
    this.#parser = fresh(this.#createParser)
    void this.handle.close()
  }

  /** Remembers how far the log has been read. To be called between two batches of lines. */
  async checkpoint(): Promise<void> {
    const { generation, bytes, lines } = this.feed
    const parser = this.#parser.snapshot()
    const save = async () => {
      await this.kinds.flush()
      await saveCheckpoint(this.runDir, { generation, bytes, lines, parser }, this.feed.index)
      await saveGrowth(this.runDir, this.growth)
    }
    // One after another: they write the same files.
    this.#saved = this.#saved.then(save, save)
    await this.#saved
  }

  async close(): Promise<void> {
    await this.kinds.close()
    await this.handle.close()
  }
}

function fresh(createParser: CreateParser): LogParser {
  const parser = createParser()
  if (parser === null) throw new Error('Internal error: a parser without a snapshot was refused')
  return parser
}
