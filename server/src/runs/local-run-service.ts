import { rm } from 'node:fs/promises'
import {
  type Cursor,
  err,
  isEnded,
  ok,
  type Result,
  type Run,
  type StartRun,
  startCursor,
  TailgateError,
} from '@tailgate/shared'
import { BlockPool } from '../feed/block-pool.ts'
import type { Deliveries, Delivery } from '../feed/delivery.ts'
import type { LinesReader, ReadAhead } from '../feed/feed-follower.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import type { Stretch } from '../feed/stretch.ts'
import { StretchReader } from '../feed/stretch-reader.ts'
import type { RunStore } from '../store/run-store.ts'
import type { StoredRun } from '../store/stored-run.ts'
import { ActiveRun, type ActiveRunDeps } from './active-run.ts'
import { type DiskSpace, DiskWatch } from './disk-watch.ts'
import type { RetentionPolicy } from './retention.ts'
import type { RunLog } from './run-log.ts'
import type { RunQueue } from './run-queue.ts'
import { RunReader } from './run-reader.ts'
import { recoverRuns } from './run-recovery.ts'
import type { RunRegistry } from './run-registry.ts'
import { RunRetention } from './run-retention.ts'
import type { Caller, OpenArtifact, RunAction, RunService } from './run-service.ts'
import { checkRepeated, prepareRun, type RunStarterDeps } from './run-starter.ts'
import { RunViewers } from './run-viewers.ts'
import { unknownRun } from './unknown-run.ts'

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

/** Viewers of a run that was cancelled because the gateway stops have this long to take in its end. */
const SEE_END_MS = 1_000

export class LocalRunService implements RunService {
  readonly #deps: RunServiceDeps
  readonly #reader: RunReader
  readonly #viewers: RunViewers
  readonly #retention: RunRetention
  readonly #disk: DiskWatch
  readonly #blocks = new BlockPool()
  /** Engines that go on have their places. */
  #recovered = false
  #closing = false

  constructor(deps: RunServiceDeps) {
    this.#deps = deps
    const { store, registry } = deps
    const { timers, log } = deps.active
    this.#reader = new RunReader({ ...deps, now: timers.now })
    this.#viewers = new RunViewers({
      feed: async (runId) => (await registry.log(runId))?.feed ?? null,
      onAbandoned: (runId) => this.#abandoned(runId),
      timers,
    })
    this.#retention = new RunRetention({
      policy: deps.retention,
      ended: () => store.ended(),
      isWatched: (runId) => this.#viewers.has(runId),
      erase: (runId) => registry.erase(runId),
      timers,
      log,
    })
    this.#disk = new DiskWatch(deps.dataDir, deps.diskSpace, timers, () => this.#refreshAll())
  }

  readonly get: RunService['get'] = (runId) => this.#reader.get(runId)
  readonly list: RunService['list'] = (request) => this.#reader.list(request)
  readonly lines: RunService['lines'] = (request) => this.#reader.lines(request)
  readonly marks: RunService['marks'] = (request, signal) => this.#reader.marks(request, signal)
  readonly search: RunService['search'] = (request, signal) => this.#reader.search(request, signal)
  readonly rate: RunService['rate'] = (runId) => this.#reader.rate(runId)
  readonly source: RunService['source'] = (runId) => this.#reader.source(runId)
  readonly log: RunService['log'] = (runId) => this.#reader.log(runId)
  readonly tailOffset: RunService['tailOffset'] = (runId, count) => this.#reader.tailOffset(runId, count)
  readonly openArtifact: RunService['openArtifact'] = (runId, index) => this.#reader.openArtifact(runId, index)

  async start(request: StartRun, caller: Caller): Promise<Result<{ run: Run; created: boolean }, TailgateError>> {
    if (this.#closing) return err(new TailgateError('unavailable', 'The gateway is shutting down: try again soon.'))
    const { store, queue, registry } = this.#deps
    const repeated = this.#repeated(request, caller)
    if (repeated !== null) return repeated
    const prepared = await prepareRun(request, caller, this.#deps.starter)
    if (!prepared.ok) return prepared
    const run = prepared.value
    const refused = this.#noRoom()
    if (refused !== null) return refused
    try {
      // What can fail comes before the run is stored, lest a restart starts what was refused.
      const runLog = await registry.create(run)
      // Asked again, since time has passed; from here to storing the run nothing waits, so that two starts with one
      // key cannot both be new.
      const overtaken = this.#repeated(request, caller) ?? this.#noRoom()
      if (overtaken !== null) {
        await this.#discard(run.id, runLog)
        return overtaken
      }
      // A run that need not wait is stored once, as what it is about to be.
      const isAdmitted = this.#admits && queue.enter(run.id)
      const stored: StoredRun = isAdmitted ? { ...run, state: 'starting' } : run
      store.save(stored)
      const active = this.#activate(stored, runLog)
      if (isAdmitted) active.launch()
      else queue.add(run.id)
      this.#deps.record({ action: 'start', by: caller.name, runId: run.id, file: run.file })
      return ok({ run: active.record(), created: true })
    } catch (cause) {
      this.#deps.active.log.error({ error: cause }, 'A run cannot be set up.')
      queue.remove(run.id)
      await registry.erase(run.id).catch(() => {})
      const why = cause instanceof Error ? cause.message : String(cause)
      const message = `The run could not be set up in the data directory (${why}): nothing was started. Check its disk.`
      return err(new TailgateError('unavailable', message, { cause }))
    }
  }

  async cancel(runId: string, caller: Caller): Promise<Result<Run, TailgateError>> {
    const active = this.#deps.registry.active.get(runId)
    if (active !== undefined) this.#deps.record({ action: 'cancel', by: caller.name, runId })
    active?.cancel()
    const run = this.#reader.get(runId)
    return run === undefined ? err(unknownRun(runId)) : ok(run)
  }

  async remove(runId: string, caller: Caller): Promise<Result<void, TailgateError>> {
    const run = this.#reader.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    if (!isEnded(run.state) || this.#deps.registry.active.has(runId)) {
      return err(new TailgateError('conflict', `Run ${runId} is ${run.state}: cancel it and wait for its end first.`))
    }
    await this.#deps.registry.erase(runId)
    this.#deps.record({ action: 'delete', by: caller.name, runId })
    return ok(undefined)
  }

  async follow(
    runId: string,
    cursor: Cursor | null,
    signal: AbortSignal,
  ): Promise<Result<AsyncIterable<Delivery>, TailgateError>> {
    return await this.#watch<never>(runId, cursor, signal, () => null)
  }

  async followInStretches(
    runId: string,
    cursor: Cursor | null,
    signal: AbortSignal,
    options: { readonly kinds: boolean },
  ): Promise<Result<Deliveries<Stretch>, TailgateError>> {
    return await this.#watch(runId, cursor, signal, (feed) => new StretchReader(feed, this.#blocks, options))
  }

  async #watch<S extends ReadAhead>(
    runId: string,
    cursor: Cursor | null,
    signal: AbortSignal,
    readerOf: (feed: RunFeed) => LinesReader<S> | null,
  ): Promise<Result<Deliveries<S>, TailgateError>> {
    if (this.#reader.get(runId) === undefined) return err(unknownRun(runId))
    if (cursor !== null && cursor.runId !== runId) {
      return err(new TailgateError('bad-request', `The cursor belongs to run ${cursor.runId}, not to ${runId}.`))
    }
    const followed = await this.#viewers.watch(runId, cursor ?? startCursor(runId), signal, readerOf)
    return followed === null ? err(unknownRun(runId)) : ok(followed)
  }

  /** How many searches run, and how many wait for their turn. */
  get searches(): { running: number; waiting: number } {
    return this.#reader.searches
  }

  status(): { running: number; queued: number; problems: readonly string[] } {
    const { queue, registry } = this.#deps
    const { state } = this.#disk
    const [unsaved] = [...registry.active.values()].flatMap(({ saveProblem }) => saveProblem ?? [])
    const problems = [state.type === 'enough' ? [] : state.message, unsaved ?? []].flat()
    return { running: queue.running, queued: queue.waiting.length, problems }
  }

  /** Takes up the runs that an earlier gateway left, then fills free places from the queue. To be called once. */
  async recover(): Promise<void> {
    const { store, registry, queue, active } = this.#deps
    await this.#disk.start()
    await recoverRuns({
      store,
      queue,
      executor: active.executor,
      runDir: (runId) => registry.runDir(runId),
      activate: async (stored) => this.#activate(stored, await registry.open(stored)),
      wallClock: active.timers.wallClock,
      log: active.log,
    })
    for (const [runId, { stored }] of registry.active) if (stored.cancelOnDisconnect) this.#viewers.awaitReturn(runId)
    this.#recovered = true
    this.#admit()
    this.#retention.start()
  }

  /** Takes no more starts, cancels what waits or runs, and resolves once all of it has ended and that was told. */
  async cancelAll(): Promise<void> {
    this.#closing = true
    const runs = [...this.#deps.registry.active.values()]
    const ended = runs.map(async (run) => {
      const { feed } = run.runLog
      run.cancel()
      while (feed.end === null) await feed.changed()
      await this.#viewers.gone(run.id, SEE_END_MS)
    })
    await Promise.all(ended)
  }

  /** Lets go of all runs. Engines go on, and the next gateway takes them up. */
  async close(): Promise<void> {
    this.#closing = true
    this.#disk.stop()
    this.#retention.stop()
    this.#viewers.close()
    await this.#deps.registry.close()
  }

  #activate(stored: StoredRun, runLog: RunLog): ActiveRun {
    const { store, registry, queue } = this.#deps
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

  /** The answer to a start whose run key is known; null when it has none or a new one. */
  #repeated(request: StartRun, caller: Caller): Result<{ run: Run; created: boolean }, TailgateError> | null {
    const known = request.runKey === undefined ? undefined : this.#deps.store.byRunKey(request.runKey)
    if (known === undefined) return null
    const same = checkRepeated(known, request, caller)
    return same.ok ? ok({ run: this.#reader.known(known.id), created: false }) : same
  }

  /** Why nothing new is started now; null when there is room. */
  #noRoom(): Result<never, TailgateError> | null {
    const { queue, maxQueued } = this.#deps
    const { state: disk } = this.#disk
    if (disk.type === 'full') return err(new TailgateError('unavailable', disk.message))
    if (queue.waiting.length < maxQueued) return null
    const message = `${maxQueued} runs are waiting already: try again when some have ended, or raise --max-queued.`
    return err(new TailgateError('unavailable', message))
  }

  /** A run that was not stored leaves nothing behind. */
  async #discard(runId: string, runLog: RunLog): Promise<void> {
    await runLog.close()
    await rm(this.#deps.registry.runDir(runId), { recursive: true, force: true })
  }

  #ended(run: ActiveRun): void {
    this.#deps.registry.retire(run)
    const wasWaiting = this.#deps.queue.position(run.id) !== null
    this.#deps.queue.remove(run.id)
    if (wasWaiting) this.#tellPositions()
    this.#admit()
  }

  /** Whether runs may go on from the queue now. */
  get #admits(): boolean {
    return this.#recovered && !this.#closing
  }

  /** Fills free places from the queue. */
  #admit(): void {
    if (!this.#admits) return
    const { queue, registry } = this.#deps
    let moved = false
    for (let runId = queue.admit(); runId !== null; runId = queue.admit()) {
      moved = true
      registry.active.get(runId)?.admit()
    }
    if (moved) this.#tellPositions()
  }

  /** Nobody watches a run any more: cancels it if that is what its starter asked for. */
  #abandoned(runId: string): void {
    const run = this.#deps.registry.active.get(runId)
    if (run?.stored.cancelOnDisconnect === true) run.cancel()
  }

  #refreshAll(): void {
    for (const run of this.#deps.registry.active.values()) run.refresh()
  }

  #tellPositions(): void {
    for (const runId of this.#deps.queue.waiting) this.#deps.registry.active.get(runId)?.refresh()
  }
}
