import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cursor, type Run, startCursor } from '@tailgate/shared'
import { onTestFinished } from 'vitest'
import { LineCutter } from '../lines/line-cutter.ts'
import type { BlockPool } from './block-pool.ts'
import type { Delivery } from './delivery.ts'
import { FeedFollower } from './feed-follower.ts'
import type { JournalWindow } from './journal.ts'
import { LineIndex } from './line-index.ts'
import { LineKinds } from './line-kinds.ts'
import { kindsPath, logPath } from './log-files.ts'
import { LogHandle } from './log-handle.ts'
import { RunFeed } from './run-feed.ts'
import { Stretch } from './stretch.ts'
import { StretchReader } from './stretch-reader.ts'

/** A directory that goes away with the test. */
export function temporaryRunDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'feed-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return directory
}

/** How many files under a directory this process has open; Linux only. */
export function openFiles(directory: string): number {
  const targets = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return targets.filter((target) => target.startsWith(directory)).length
}

export function runRecord(progress = 0, state: Run['state'] = 'running'): Run {
  return {
    id: 'run1',
    file: '/projects/main.do',
    args: [],
    workingDir: '/projects',
    engine: { kind: 'standin', path: '/engine', edition: null, version: null },
    executor: 'local',
    startedBy: null,
    state,
    queuePosition: null,
    queuedAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    elapsedMs: progress,
    timeoutMs: null,
    outcome: null,
    progress: { statement: null, replications: null, iteration: null, estimate: null },
    artifacts: [],
    log: { bytes: 0, lines: 0 },
  }
}

/** A run's log on disk with its feed, written to as the supervisor does. */
export class WrittenLog {
  readonly runDir = temporaryRunDir()
  readonly path = logPath(this.runDir)
  readonly handle = new LogHandle(this.path)
  readonly kinds = new LineKinds(kindsPath(this.runDir))
  readonly feed: RunFeed
  /** Everything written, of each generation. */
  readonly history: Buffer[] = [Buffer.alloc(0)]
  /** Positional reads so far. */
  reads = 0
  /** Happens after a read, before its reader knows. */
  afterRead = () => {}
  ticks = 0
  updates = 0
  #cutter = new LineCutter()

  constructor(window?: JournalWindow) {
    writeFileSync(this.path, '')
    this.feed = new RunFeed({
      run: runRecord(),
      index: new LineIndex(),
      bytes: 0,
      lines: 0,
      generation: 0,
      kinds: this.kinds,
      read: async (buffer, position) => {
        this.reads += 1
        const count = await this.handle.read(buffer, position)
        this.afterRead()
        return count
      },
      ...(window && { window }),
    })
    onTestFinished(async () => {
      await this.handle.close()
      await this.kinds.close()
    })
  }

  write(content: string | Buffer): void {
    const bytes = Buffer.from(content)
    appendFileSync(this.path, bytes)
    this.history.push(Buffer.concat([this.history.pop() ?? bytes, bytes]))
    for (const batch of this.#cutter.push(bytes)) {
      for (const _ of batch.text) this.kinds.add('output', false)
      this.feed.append(batch, null)
    }
  }

  /** The unfinished line has stood still. */
  stand(): void {
    if (this.#cutter.heldBytes > 0) this.feed.partial(this.#cutter.heldText())
  }

  tick(): void {
    this.feed.tick(2_000 * ++this.ticks)
  }

  update(): void {
    this.feed.update(runRecord(++this.updates))
  }

  /** The log begins anew. */
  reset(reason: 'truncated' | 'replaced'): void {
    if (reason === 'truncated') {
      truncateSync(this.path)
    } else {
      writeFileSync(`${this.path}.new`, '')
      renameSync(`${this.path}.new`, this.path)
    }
    void this.handle.close()
    this.history.push(Buffer.alloc(0))
    this.#cutter = new LineCutter()
    this.feed.reset(reason)
  }

  finish(): void {
    const last = this.#cutter.finish()
    if (last !== null) this.feed.append(last, null)
    this.feed.finish(runRecord(++this.updates, 'succeeded'))
  }
}

/** One that watches a run, at its own pace. */
export class Viewer {
  readonly deliveries: Delivery[] = []
  stretches = 0
  readonly #abort = new AbortController()
  readonly #iterator: FeedFollower<Stretch>
  #asked: Promise<Delivery | null> | null = null

  /** Deliveries that were handed over while it waited. */
  handed = 0

  /** `pool`: for one that takes lines behind the window in stretches; they are counted, and taken apart into events. */
  constructor(feed: RunFeed, from: Cursor = startCursor('run1'), pool: BlockPool | null = null) {
    const reader = pool && new StretchReader(feed, pool, { kinds: true })
    this.#iterator = new FeedFollower<Stretch>(feed, from, this.#abort.signal, { reader })
    onTestFinished(() => this.leave())
  }

  /** From now on it takes what comes while it waits, as often as `takes` says so. */
  takeWhileWaiting(takes: (delivery: Delivery) => boolean): this {
    this.#iterator.handOver((delivery) => {
      const taken = takes(delivery)
      if (taken) this.deliveries.push(delivery)
      if (taken) this.handed += 1
      return taken
    })
    return this
  }

  /** Asks for what is next, unless it is still waiting for it, and gives the last of it; null at the end. */
  next(): Promise<Delivery | null> {
    this.#asked ??= this.#iterator.next().then(({ done, value }) => {
      this.#asked = null
      if (done || value === undefined) return null
      if (value instanceof Stretch) {
        this.stretches += 1
        using stretch = value
        for (const piece of stretch.pieces) {
          this.deliveries.push({ cursor: piece.cursor, event: stretch.eventOf(piece) })
        }
      } else this.deliveries.push(value)
      return this.deliveries.at(-1) ?? null
    })
    return this.#asked
  }

  /** Everything that comes until `last` says that it is enough, or to the end. */
  async read(last: (delivery: Delivery) => boolean = () => false): Promise<Delivery[]> {
    const from = this.deliveries.length
    for (;;) {
      const delivery = await this.next()
      if (delivery === null || last(delivery)) return this.deliveries.slice(from)
    }
  }

  async leave(): Promise<void> {
    this.#abort.abort()
    await this.#asked
  }
}

export const isLines = ({ event }: Delivery) => event.type === 'lines'

export const textOf = (deliveries: readonly Delivery[]) =>
  deliveries.flatMap(({ event }) => (event.type === 'lines' ? event.text : []))

export const typesOf = (deliveries: readonly Delivery[]) => deliveries.map(({ event }) => event.type)

/** A place in the log of `run1`. */
export const cursorAt = (offset: number, generation = 0): Cursor => ({
  runId: 'run1',
  generation,
  offset,
  ended: false,
})
