import { mkdirSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Run } from '@tailgate/shared'
import { logPath } from '../feed/log-files.ts'
import type { RunStore } from '../store/run-store.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { ActiveRun } from './active-run.ts'
import { type CreateParser, RunLog } from './run-log.ts'
import { runRecord } from './run-record.ts'

/**
 * The runs that are in memory: all that have not ended, and the logs of ended ones while somebody looks at them.
 */

/** Logs of ended runs kept open; the one that nobody has asked for longest goes first. */
const MAX_ENDED_LOGS = 64

export class RunRegistry {
  readonly active = new Map<string, ActiveRun>()
  readonly #ended = new Map<string, Promise<RunLog>>()
  /** Ended runs that are being removed; nobody opens their logs any more. */
  readonly #erasing = new Set<string>()
  readonly #store: RunStore
  readonly #dataDir: string
  readonly #parserFor: (run: StoredRun) => Promise<CreateParser>

  constructor(store: RunStore, dataDir: string, parserFor: (run: StoredRun) => Promise<CreateParser>) {
    this.#store = store
    this.#dataDir = dataDir
    this.#parserFor = parserFor
  }

  runDir(runId: string): string {
    return join(this.#dataDir, 'runs', runId)
  }

  record(runId: string): Run | undefined {
    const active = this.active.get(runId)
    if (active !== undefined) return active.record()
    const stored = this.#store.get(runId)
    return stored === undefined ? undefined : endedRecord(stored)
  }

  /** The record of a run that was just read from the store. */
  recordOf(stored: StoredRun): Run {
    return this.active.get(stored.id)?.record() ?? endedRecord(stored)
  }

  /** The log of a run; null for an unknown run. */
  async log(runId: string): Promise<RunLog | null> {
    const active = this.active.get(runId)
    if (active !== undefined) return active.runLog
    const loading = this.#ended.get(runId)
    if (loading !== undefined) {
      this.#ended.delete(runId)
      this.#ended.set(runId, loading)
      return await loading
    }
    const stored = this.#store.get(runId)
    if (stored === undefined || this.#erasing.has(runId)) return null
    return await this.#keep(runId, this.#loadEnded(stored))
  }

  /** The log of a new run, in a new directory of its own. */
  async create(stored: StoredRun): Promise<RunLog> {
    // Not left to the thread pool, which takes longer than the disk: the store beside it is written like this, too.
    mkdirSync(this.runDir(stored.id), { recursive: true, mode: 0o700 })
    return RunLog.create(this.runDir(stored.id), endedRecord(stored), await this.#parserFor(stored))
  }

  /** Opens the log of a run that is about to be active again. */
  async open(stored: StoredRun): Promise<RunLog> {
    await mkdir(this.runDir(stored.id), { recursive: true, mode: 0o700 })
    return await this.#open(stored)
  }

  async #open(stored: StoredRun): Promise<RunLog> {
    const createParser = await this.#parserFor(stored)
    return await RunLog.open(this.runDir(stored.id), endedRecord(stored), stored.generation, createParser)
  }

  /** A run has ended: its log stays in memory for those who watch it. */
  retire(run: ActiveRun): void {
    this.active.delete(run.id)
    void this.#keep(run.id, Promise.resolve(run.runLog))
  }

  /** Bytes that lie in the logs of active runs and have not been read yet, of the run that is furthest behind. */
  async tailLag(): Promise<number> {
    const lags = [...this.active.values()].map(async ({ runLog: { runDir, feed } }) => {
      const { size } = await stat(logPath(runDir)).catch(() => ({ size: 0 }))
      return size - feed.bytes
    })
    return Math.max(0, ...(await Promise.all(lags)))
  }

  /**
   * Removes a run that has ended: its log, then its record, so that what cannot be removed is still known. Those who
   * follow it are let go.
   */
  async erase(runId: string): Promise<void> {
    this.#erasing.add(runId)
    try {
      const log = await this.#take(runId)
      log?.feed.withdraw()
      await log?.close()
      await rm(this.runDir(runId), { recursive: true, force: true })
      this.#store.remove(runId)
    } finally {
      this.#erasing.delete(runId)
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.active.values()].map((run) => run.detach()))
    await Promise.all([...this.#ended.keys()].map((runId) => this.#letGo(runId)))
  }

  async #keep(runId: string, log: Promise<RunLog>): Promise<RunLog> {
    this.#ended.set(runId, log)
    log.catch(() => this.#ended.delete(runId))
    const oldest = this.#ended.keys().next()
    if (this.#ended.size > MAX_ENDED_LOGS && !oldest.done) await this.#letGo(oldest.value)
    return await log
  }

  /** Closes the log of an ended run; those who still read it open what they need for themselves. */
  async #letGo(runId: string): Promise<void> {
    const log = await this.#take(runId)
    await log?.close()
  }

  /** Takes the log of an ended run out of memory; null when it is not there, or could not be opened. */
  async #take(runId: string): Promise<RunLog | null> {
    const log = this.#ended.get(runId)
    this.#ended.delete(runId)
    return (await log?.catch(() => null)) ?? null
  }

  async #loadEnded(stored: StoredRun): Promise<RunLog> {
    const log = await this.#open(stored)
    const { size } = await stat(logPath(log.runDir)).catch(() => ({ size: 0 }))
    if (log.feed.bytes < size) {
      await log.catchUp(Math.min(size, Math.max(stored.logBytes, log.feed.bytes)))
      // On a full disk the next one to open it has to read it again.
      await log.checkpoint().catch(() => {})
    }
    const missing = stored.logBytes - log.feed.bytes
    const problem = `${missing} of the ${stored.logBytes} bytes of this run's log are gone: it was deleted or cut after the run had ended.`
    log.feed.finish(endedRecord(stored, missing > 0 ? problem : null))
    return log
  }
}

function endedRecord(stored: StoredRun, problem: string | null = null): Run {
  return runRecord(stored, { queuePosition: null, elapsedMs: 0, problem })
}
