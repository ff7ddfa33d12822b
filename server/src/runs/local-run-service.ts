import { rm } from 'node:fs/promises'
import {
  type Cursor,
  err,
  isEnded,
  type LinesPage,
  type LinesRequest,
  type ListRuns,
  MAX_PAGE_LINES,
  type MarksPage,
  type MarksRequest,
  ok,
  type Rate,
  RECONNECT_DELAY_MS,
  type Result,
  type Run,
  type RunPage,
  type SearchPage,
  type SearchRequest,
  type Source,
  type StartRun,
  startCursor,
  TailgateError,
} from '@tailgate/shared'
import type { Delivery } from '../feed/delivery.ts'
import { findMarks } from '../feed/find-marks.ts'
import { followFeed } from '../feed/follow-feed.ts'
import { logPath } from '../feed/log-files.ts'
import { readPage } from '../feed/read-page.ts'
import { searchLog } from '../feed/search-log.ts'
import { locateTail } from '../lines/read-lines.ts'
import type { RunStore } from '../store/run-store.ts'
import type { StoredRun } from '../store/stored-run.ts'
import { ActiveRun, type ActiveRunDeps } from './active-run.ts'
import { type DiskSpace, DiskWatch } from './disk-watch.ts'
import { expiredRuns, type RetentionPolicy } from './retention.ts'
import type { RunQueue } from './run-queue.ts'
import type { RunRegistry } from './run-registry.ts'
import type { Caller, LogFile, OpenArtifact, RunAction, RunService } from './run-service.ts'
import { readKeptSource } from './run-source.ts'
import { checkRepeated, prepareRun, type RunStarterDeps } from './run-starter.ts'
import { SearchTurns } from './search-turns.ts'

/**
 * The runs of one data directory: starts, queue, and everything that viewers ask.
 */

export type RunServiceDeps = {
  /** Told what callers did, when it is done. */
  readonly record: (action: RunAction) => void
  /** Told how long a search took. */
  readonly onSearched: (ms: number) => void
  readonly store: RunStore
  readonly registry: RunRegistry
  readonly queue: RunQueue
  readonly starter: RunStarterDeps
  readonly active: Omit<ActiveRunDeps, 'save' | 'earlierDurations' | 'queuePosition' | 'surroundings' | 'onEnded'>
  readonly maxQueued: number
  readonly retention: RetentionPolicy
  readonly diskSpace: DiskSpace
  readonly dataDir: string
  /** Opens a saved file if it may be served now. */
  readonly openArtifact: (path: string) => Promise<Result<OpenArtifact, TailgateError>>
}

/** A viewer that asked for `cancelOnDisconnect` has this long to come back. */
const DISCONNECT_GRACE_MS = 2.5 * RECONNECT_DELAY_MS
/** How often old runs are looked for. */
const RETENTION_INTERVAL_MS = 60_000
/** A search is bounded in time, so a turn comes soon. */
const SEARCH_RETRY_AFTER_SECONDS = 2
const DEFAULT_PAGE_RUNS = 50
const DEFAULT_MATCHES = 100
const DEFAULT_MARKS = 100

export class LocalRunService implements RunService {
  readonly #deps: RunServiceDeps
  readonly #viewers = new Map<string, number>()
  readonly #disk: DiskWatch
  readonly #searches = new SearchTurns()
  #cancelRetention = () => {}
  #closing = false

  constructor(deps: RunServiceDeps) {
    this.#deps = deps
    this.#disk = new DiskWatch(deps.dataDir, deps.diskSpace, deps.active.timers, () => this.#refreshAll())
  }

  async start(request: StartRun, caller: Caller): Promise<Result<{ run: Run; created: boolean }, TailgateError>> {
    if (this.#closing) return err(new TailgateError('unavailable', 'The gateway is shutting down: try again soon.'))
    const prepared = await prepareRun(request, caller, this.#deps.starter)
    if (!prepared.ok) return prepared
    const run = prepared.value
    const { store, queue } = this.#deps
    // From looking the key up to storing the run nothing waits: two starts with one key cannot both be new.
    const known = run.runKey === null ? undefined : store.byRunKey(run.runKey)
    if (known !== undefined) {
      const repeated = checkRepeated(known, run)
      return repeated.ok ? ok({ run: this.#record(known.id), created: false }) : repeated
    }
    const { state: disk } = this.#disk
    if (disk.type === 'full') return err(new TailgateError('unavailable', disk.message))
    if (queue.waiting.length >= this.#deps.maxQueued) {
      const message = `${this.#deps.maxQueued} runs are waiting already: try again when some have ended, or raise --max-queued.`
      return err(new TailgateError('unavailable', message))
    }
    try {
      store.save(run)
      const active = await this.#activate(run)
      queue.add(run.id)
      this.#deps.record({ action: 'start', by: caller.name, runId: run.id, file: run.file })
      this.#admit()
      return ok({ run: active.record(), created: true })
    } catch (cause) {
      this.#deps.active.log.error({ error: cause }, 'A run cannot be set up.')
      await this.#erase(run.id).catch(() => {})
      const why = cause instanceof Error ? cause.message : String(cause)
      const message = `The run could not be set up in the data directory (${why}): nothing was started. Check its disk.`
      return err(new TailgateError('unavailable', message, { cause }))
    }
  }

  get(runId: string): Run | undefined {
    return this.#deps.registry.record(runId)
  }

  list(request: ListRuns): Result<RunPage, TailgateError> {
    const { state, file, q, limit = DEFAULT_PAGE_RUNS, cursor } = request
    const stored = this.#deps.store.list({ states: state, file, text: q, before: cursor, limit: limit + 1 })
    const runs = stored.slice(0, limit).map((run) => this.#record(run.id))
    const more = stored.length > limit
    return ok({ runs, next: more ? (runs.at(-1)?.id ?? null) : null })
  }

  async cancel(runId: string, caller: Caller): Promise<Result<Run, TailgateError>> {
    const active = this.#deps.registry.active.get(runId)
    if (active !== undefined) this.#deps.record({ action: 'cancel', by: caller.name, runId })
    active?.cancel()
    const run = this.get(runId)
    return run === undefined ? err(unknownRun(runId)) : ok(run)
  }

  async remove(runId: string, caller: Caller): Promise<Result<void, TailgateError>> {
    const run = this.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    if (!isEnded(run.state)) {
      return err(new TailgateError('conflict', `Run ${runId} is ${run.state}: cancel it and wait for its end first.`))
    }
    await this.#erase(runId)
    this.#deps.record({ action: 'delete', by: caller.name, runId })
    return ok(undefined)
  }

  follow(runId: string, cursor: Cursor | null, signal: AbortSignal): Result<AsyncIterable<Delivery>, TailgateError> {
    if (this.get(runId) === undefined) return err(unknownRun(runId))
    if (cursor !== null && cursor.runId !== runId) {
      return err(new TailgateError('bad-request', `The cursor belongs to run ${cursor.runId}, not to ${runId}.`))
    }
    return ok(this.#watch(runId, cursor ?? startCursor(runId), signal))
  }

  async lines(request: LinesRequest): Promise<Result<LinesPage, TailgateError>> {
    const log = await this.#deps.registry.log(request.runId)
    if (log === null) return err(unknownRun(request.runId))
    const { from = 1, count = MAX_PAGE_LINES, maxChars = Number.POSITIVE_INFINITY } = request
    return ok(await readPage(log.feed, log.kinds, { from, count, maxChars }))
  }

  async marks(request: MarksRequest, signal: AbortSignal): Promise<Result<MarksPage, TailgateError>> {
    const log = await this.#deps.registry.log(request.runId)
    if (log === null) return err(unknownRun(request.runId))
    const { kind, from, limit = DEFAULT_MARKS, direction = 'forward' } = request
    return ok(await findMarks(log.feed, log.kinds, { kind, from, limit, direction, signal }))
  }

  async search(request: SearchRequest, signal: AbortSignal): Promise<Result<SearchPage, TailgateError>> {
    const log = await this.#deps.registry.log(request.runId)
    if (log === null) return err(unknownRun(request.runId))
    const { q: query, from, to, limit = DEFAULT_MATCHES, ignoreCase = false, direction = 'forward' } = request
    const { read, index, bytes, lines } = log.feed
    const { now } = this.#deps.active.timers
    using turn = await this.#searches.take(signal)
    if (turn === null) return err(tooManySearches())
    const startedAt = now()
    const what = { query, ignoreCase, from, to, limit, direction }
    const page = await searchLog({ read, index, bytes, lines, ...what, signal, now })
    this.#deps.onSearched(now() - startedAt)
    return ok(page)
  }

  async rate(runId: string): Promise<Result<Rate, TailgateError>> {
    const log = await this.#deps.registry.log(runId)
    return log === null ? err(unknownRun(runId)) : ok({ samples: log.growth.samples() })
  }

  async source(runId: string): Promise<Result<Source, TailgateError>> {
    const run = this.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    const source = await readKeptSource(this.#deps.registry.runDir(runId), run.file)
    if (source !== null) return ok(source)
    const message = `Run ${runId} has no copy of its do-file: it has not been launched.`
    return err(new TailgateError('not-found', message))
  }

  log(runId: string): LogFile | undefined {
    const { registry, store } = this.#deps
    const path = logPath(registry.runDir(runId))
    const active = registry.active.get(runId)
    if (active !== undefined) {
      const { bytes, generation } = active.runLog.feed
      return { path, bytes, generation, ended: false }
    }
    const stored = store.get(runId)
    return stored && { path, bytes: stored.logBytes, generation: stored.generation, ended: true }
  }

  async tailOffset(runId: string, count: number): Promise<Result<number, TailgateError>> {
    const log = await this.#deps.registry.log(runId)
    if (log === null) return err(unknownRun(runId))
    return ok(await locateTail(log.feed.read, log.feed.bytes, count))
  }

  async openArtifact(runId: string, index: number): Promise<Result<OpenArtifact, TailgateError>> {
    const run = this.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    const artifact = run.artifacts[index]
    if (artifact === undefined) {
      const message = `Run ${runId} has ${run.artifacts.length} artifacts; there is no number ${index}.`
      return err(new TailgateError('not-found', message))
    }
    return await this.#deps.openArtifact(artifact.path)
  }

  /** How many searches run, and how many wait for their turn. */
  get searches(): { running: number; waiting: number } {
    const { running, waiting } = this.#searches
    return { running, waiting }
  }

  status(): { running: number; queued: number; problems: readonly string[] } {
    const { queue } = this.#deps
    const { state } = this.#disk
    const problems = state.type === 'enough' ? [] : [state.message]
    return { running: queue.running, queued: queue.waiting.length, problems }
  }

  /** Takes up the runs that an earlier gateway left: engines are adopted, the queue keeps its order. */
  async recover(): Promise<void> {
    const states = ['queued', 'starting', 'running', 'cancelling'] as const
    const left = this.#deps.store.list({ states, limit: Number.MAX_SAFE_INTEGER }).reverse()
    await this.#disk.start()
    for (const stored of left) await this.#recoverRun(stored)
    this.#admit()
    this.#retainRegularly()
  }

  /**
   * Lets go of all runs. Engines go on and the next gateway takes them up, unless they are to be cancelled: then it
   * waits until they have ended.
   */
  async close(onShutdown: 'leave' | 'cancel' = 'leave'): Promise<void> {
    this.#closing = true
    this.#disk.stop()
    this.#cancelRetention()
    if (onShutdown === 'cancel') await this.#cancelAll()
    await this.#deps.registry.close()
  }

  async #cancelAll(): Promise<void> {
    const runs = [...this.#deps.registry.active.values()]
    const ended = runs.map(async (run) => {
      const { feed } = run.runLog
      run.cancel()
      while (feed.end === null) await feed.changed(new AbortController().signal)
    })
    await Promise.all(ended)
  }

  async #recoverRun(stored: StoredRun): Promise<void> {
    const { queue, active, registry } = this.#deps
    if (stored.state === 'queued') {
      await this.#activate(stored)
      queue.add(stored.id)
      return
    }
    const { id: runId, attempt } = stored
    const engine = await active.executor.adopt({ runId, runDir: registry.runDir(runId), attempt })
    if (engine !== null) {
      queue.adopt(runId)
      const run = await this.#activate(stored)
      run.resume(engine)
      return
    }
    // It was never launched, and the claim is now void: queue it again, or cancel it as it was asked.
    const again: StoredRun = { ...stored, state: 'queued', attempt: attempt + 1 }
    this.#deps.store.save(again)
    const run = await this.#activate(again)
    queue.add(runId)
    if (stored.intent !== null) run.cancel()
  }

  async #activate(stored: StoredRun): Promise<ActiveRun> {
    const { store, registry, queue } = this.#deps
    const runLog = await registry.open(stored)
    const run = new ActiveRun(stored, runLog, {
      ...this.#deps.active,
      save: (changed) => store.save(changed),
      earlierDurations: (file, limit) => store.durations(file, limit),
      queuePosition: (runId) => queue.position(runId),
      surroundings: () => (this.#disk.state.type === 'enough' ? null : this.#disk.state.message),
      onEnded: (ended) => this.#ended(ended),
    })
    registry.active.set(stored.id, run)
    return run
  }

  /** Removes what is known of a run that has ended, and its log. */
  async #erase(runId: string): Promise<void> {
    await this.#deps.registry.forget(runId)
    this.#deps.store.remove(runId)
    await rm(this.#deps.registry.runDir(runId), { recursive: true, force: true })
  }

  /** Forgets the ended runs that the policy does not keep, except those that somebody is watching. */
  async #retain(): Promise<void> {
    const { store, retention, active } = this.#deps
    const expired = expiredRuns(store.ended(), retention, active.timers.wallClock())
    for (const runId of expired) {
      if (this.#closing) return
      if (!this.#viewers.has(runId)) await this.#erase(runId)
    }
  }

  #retainRegularly(): void {
    const { keepRuns, keepDays, keepBytes } = this.#deps.retention
    if (keepRuns === null && keepDays === null && keepBytes === null) return
    const { timers, log } = this.#deps.active
    this.#retain()
      .catch((error) => log.error({ error }, 'Old runs cannot be removed.'))
      .finally(() => {
        if (!this.#closing) this.#cancelRetention = timers.after(RETENTION_INTERVAL_MS, () => this.#retainRegularly())
      })
  }

  #ended(run: ActiveRun): void {
    this.#deps.registry.retire(run)
    const wasWaiting = this.#deps.queue.position(run.id) !== null
    this.#deps.queue.remove(run.id)
    if (wasWaiting) this.#tellPositions()
    this.#admit()
  }

  /** Fills free places from the queue. */
  #admit(): void {
    if (this.#closing) return
    const { queue, registry } = this.#deps
    let moved = false
    for (let runId = queue.admit(); runId !== null; runId = queue.admit()) {
      moved = true
      registry.active.get(runId)?.admit()
    }
    if (moved) this.#tellPositions()
  }

  #refreshAll(): void {
    for (const run of this.#deps.registry.active.values()) run.refresh()
  }

  #tellPositions(): void {
    for (const runId of this.#deps.queue.waiting) this.#deps.registry.active.get(runId)?.refresh()
  }

  async *#watch(runId: string, cursor: Cursor, signal: AbortSignal): AsyncGenerator<Delivery, void, void> {
    this.#viewers.set(runId, (this.#viewers.get(runId) ?? 0) + 1)
    try {
      const log = await this.#deps.registry.log(runId)
      if (log !== null) yield* followFeed(log.feed, cursor, signal)
    } finally {
      this.#viewerLeft(runId)
    }
  }

  #viewerLeft(runId: string): void {
    const left = (this.#viewers.get(runId) ?? 1) - 1
    if (left > 0) {
      this.#viewers.set(runId, left)
      return
    }
    this.#viewers.delete(runId)
    const active = this.#deps.registry.active.get(runId)
    if (active?.stored.cancelOnDisconnect !== true) return
    this.#deps.active.timers.after(DISCONNECT_GRACE_MS, () => {
      if (!this.#closing && !this.#viewers.has(runId)) active.cancel()
    })
  }

  /** The record of a run that is known to exist. */
  #record(runId: string): Run {
    const run = this.get(runId)
    if (run === undefined) throw new Error(`Internal error: run ${runId} is gone from the store`)
    return run
  }
}

function tooManySearches(): TailgateError {
  const message = 'Too many searches are waiting already: search again in a moment.'
  return new TailgateError('too-many-requests', message, { details: { retryAfterSeconds: SEARCH_RETRY_AFTER_SECONDS } })
}

function unknownRun(runId: string): TailgateError {
  return new TailgateError('not-found', `There is no run ${runId} (any more): list the runs to see which there are.`, {
    details: { runId },
  })
}
