import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cursor, ok, type Run, type RunState, type StartRun } from '@tailgate/shared'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import type { Delivery } from '../../feed/delivery.ts'
import { createLogParser, parseLogParserSnapshot } from '../../stata/log/log-parser.ts'
import { openDatabase } from '../../store/database.ts'
import { RunStore } from '../../store/run-store.ts'
import type { StoredRun } from '../../store/stored-run.ts'
import { nodeFiles } from '../../tail/node-files.ts'
import type { ActiveRunDeps } from '../active-run.ts'
import { LocalRunService, type RunServiceDeps } from '../local-run-service.ts'
import type { Timers } from '../run-clock.ts'
import { createRunIds } from '../run-id.ts'
import { RunQueue } from '../run-queue.ts'
import { RunRegistry } from '../run-registry.ts'
import { HandExecutor } from './hand-executor.ts'

const NOBODY = { name: null }

const realTimers: Timers = {
  now: () => performance.now(),
  wallClock: () => Date.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
}

/** A data directory, the engines of its runs, and one gateway after the other on it. */
export class GatewayRig {
  readonly dataDir: string
  readonly executor = new HandExecutor()
  #open: { readonly service: LocalRunService; readonly store: RunStore } | null = null

  static async create(): Promise<GatewayRig> {
    return new GatewayRig(await mkdtemp(join(tmpdir(), 'runs-')))
  }

  private constructor(dataDir: string) {
    this.dataDir = dataDir
    onTestFinished(async () => {
      await this.close()
      await rm(dataDir, { recursive: true, force: true })
    })
  }

  get service(): LocalRunService {
    return this.#running.service
  }
  get store(): RunStore {
    return this.#running.store
  }

  /** Wires a gateway; it has not recovered anything yet. */
  wire(
    options: {
      maxRunning?: number
      maxQueued?: number
      timers?: Timers
      keepSource?: ActiveRunDeps['keepSource']
    } & Partial<RunServiceDeps['retention']> = {},
  ): void {
    const { maxRunning = 8, maxQueued = 8, keepRuns = null, keepDays = null, keepBytes = null } = options
    const { timers = realTimers, keepSource = async () => null } = options
    const database = openDatabase(this.dataDir)
    if (!database.ok) throw new Error(database.error)
    const store = new RunStore(database.value)
    const registry = new RunRegistry(store, this.dataDir, async ({ workingDir }) => (snapshot) => {
      if (snapshot === undefined) return createLogParser({ workingDir })
      const restore = parseLogParserSnapshot(snapshot)
      return restore && createLogParser({ restore })
    })
    const service = new LocalRunService({
      record: () => {},
      onSearched: () => {},
      store,
      registry,
      queue: new RunQueue(maxRunning),
      maxQueued,
      retention: { keepRuns, keepDays, keepBytes },
      diskSpace: async () => ({ free: 2 ** 40, total: 2 ** 40 }),
      dataDir: this.dataDir,
      openArtifact: () => Promise.reject(new Error('there are no artifacts here')),
      starter: {
        paths: {
          resolveDoFile: async (path) => ok({ path }),
          resolveWorkingDir: async (path) => ok({ path }),
        },
        engine: () => ({ kind: 'standin', path: '/engine', edition: null, version: null }),
        executor: 'local',
        newId: createRunIds(Date.now, store.newestId()),
        wallClock: Date.now,
        check: () => ok(undefined),
      },
      active: {
        executor: this.executor,
        files: nodeFiles,
        timers,
        log: pino({ level: 'silent' }),
        consoleFile: 'console.txt',
        killGraceMs: 1_000,
        plan: () => ok({ wrapper: '', wrapperName: 'run.do', command: ['/engine'], env: {} }),
        keepSource,
        onRead: () => {},
      },
    })
    this.#open = { service, store }
  }

  /** A gateway that has taken up what the one before it left. */
  async start(options?: Parameters<GatewayRig['wire']>[0]): Promise<void> {
    this.wire(options)
    await this.service.recover()
  }

  /** The gateway goes; engines stay. */
  async close(): Promise<void> {
    const open = this.#open
    this.#open = null
    await open?.service.close()
    open?.store.close()
  }

  async run(request: Partial<StartRun> = {}): Promise<Run> {
    const started = await this.service.start({ file: '/projects/main.do', ...request }, NOBODY)
    if (!started.ok) throw started.error
    return started.value.run
  }

  stored(runId: string): StoredRun {
    const run = this.store.get(runId)
    if (run === undefined) throw new Error(`run ${runId} is not stored`)
    return run
  }

  /** Waits, by way of its events, until a run is in a state. */
  async state(runId: string, ...states: RunState[]): Promise<Run> {
    for await (const { event } of this.follow(runId)) {
      if (event.type !== 'run' && event.type !== 'end') continue
      if (states.includes(event.run.state)) return event.run
    }
    throw new Error(`run ${runId} ended as ${this.service.get(runId)?.state}, not ${states.join(' or ')}`)
  }

  /** A run's events. */
  async *follow(runId: string, from: Cursor | null = null): AsyncGenerator<Delivery> {
    const followed = await this.service.follow(runId, from, new AbortController().signal)
    if (!followed.ok) throw followed.error
    yield* followed.value
  }

  get #running() {
    if (this.#open === null) throw new Error('no gateway has been started')
    return this.#open
  }
}
