import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Result, Run, TailgateError } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { EngineExit, Executor, RunningEngine } from '../executors/executor.ts'
import type { LineBatch } from '../lines/line-cutter.ts'
import { decideOutcome } from '../stata/outcome.ts'
import type { Intent, StoredRun } from '../store/stored-run.ts'
import type { FollowDeps } from '../tail/followed-file.ts'
import { ESTIMATE_RUNS, estimateDuration } from './duration-estimate.ts'
import { LogFollower } from './log-follower.ts'
import { describeArtifacts } from './run-artifacts.ts'
import { RunClock, type Timers } from './run-clock.ts'
import type { RunLog } from './run-log.ts'
import { type EndedState, type RunEffect, type RunInput, type RunPhase, transition } from './run-machine.ts'
import { runRecord } from './run-record.ts'
import { RunSaver } from './run-saver.ts'

/**
 * One run that has not ended: the shell around `run-machine.ts`. It launches or adopts the engine, lets the log flow
 * into the feed, keeps the clock, and writes each state to the store before anyone is told.
 */

/** What is started for a run; made at launch. */
export type LaunchPlan = {
  readonly wrapper: string
  readonly wrapperName: string
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
}

export type ActiveRunDeps = {
  readonly save: (run: StoredRun) => void
  readonly earlierDurations: (file: string, limit: number) => number[]
  readonly executor: Executor
  readonly files: FollowDeps
  readonly timers: Timers
  readonly log: Logger
  readonly consoleFile: string
  readonly killGraceMs: number
  readonly plan: (run: StoredRun) => Result<LaunchPlan, TailgateError>
  /** Copies the do-file into the run's directory. */
  readonly keepSource: (run: StoredRun, runDir: string) => Promise<void>
  readonly queuePosition: (runId: string) => number | null
  /** Told of each batch of complete lines that was read. */
  readonly onRead: (lines: number, bytes: number) => void
  /** What is wrong with the gateway's surroundings, such as a full disk; null when nothing is. */
  readonly surroundings: () => string | null
  /** Told once, after the run's end is stored and told. */
  readonly onEnded: (run: ActiveRun) => void
}

/** Progress is told at most this often; states are told at once. */
const PROGRESS_INTERVAL_MS = 500
/** How often the reader's state is saved while the log grows. */
const CHECKPOINT_INTERVAL_MS = 10_000
/** Of what the engine prints on its console, the end that is kept for a message. */
const CONSOLE_BYTES = 8 * 1024

export class ActiveRun {
  readonly runLog: RunLog
  readonly #deps: ActiveRunDeps
  #stored: StoredRun
  #phase: RunPhase
  #engine: RunningEngine | null = null
  #clock: RunClock
  #earlierMs: readonly number[]
  #seenRevision: number
  #progressDue = false
  #checkpointAt = 0
  /** The unfinished last line: replications may be counted in it. */
  #partial = ''
  #cancelTelling = () => {}
  #followed: Promise<void> = Promise.resolve()
  readonly #follower: LogFollower
  readonly #saver: RunSaver
  readonly #leave = new AbortController()
  readonly #engineDone = new AbortController()

  constructor(stored: StoredRun, runLog: RunLog, deps: ActiveRunDeps) {
    this.#stored = stored
    this.runLog = runLog
    this.#deps = deps
    this.#phase = phaseOf(stored)
    this.#earlierMs = deps.earlierDurations(stored.file, ESTIMATE_RUNS)
    this.#seenRevision = runLog.parser.revision
    this.#clock = new RunClock(deps.timers, stored.queuedAt)
    runLog.feed.live(() => this.record())
    this.#saver = new RunSaver({ ...deps, onRecovered: () => this.#recovered() })
    this.#follower = new LogFollower(runLog, {
      ...deps,
      onLines: (batch) => this.#linesCame(batch),
      onPartial: (text) => {
        this.#partial = text
        this.#noteProgress(true)
      },
      onProblem: () => this.#told(),
    })
    if (stored.state === 'queued') this.#clock.everyTick(() => this.#told())
  }

  get id(): string {
    return this.#stored.id
  }
  get stored(): StoredRun {
    return this.#stored
  }
  get state(): RunPhase['state'] {
    return this.#phase.state
  }

  record(): Run {
    const { bytes, lines } = this.runLog.feed
    const waiting = this.#stored.startedAt === null
    return runRecord(
      { ...this.#stored, logBytes: bytes, logLines: lines },
      {
        queuePosition: this.#deps.queuePosition(this.id),
        elapsedMs: waiting ? 0 : this.#clock.elapsedMs(),
        problem: this.#phase.state === 'ended' ? null : this.#problem(),
      },
    )
  }

  /** Why its latest state is not stored; null when it is. */
  get saveProblem(): string | null {
    return this.#saver.problem
  }

  /** The queue gave it a place. */
  admit(): void {
    this.#input({ type: 'admitted' })
  }

  /** Asks it to stop; durable when this returns. */
  cancel(): void {
    this.#input({ type: 'cancel-asked' })
  }

  /** Something in its record that it does not know itself has changed: its place in the queue, a full disk. */
  refresh(): void {
    this.#told()
  }

  /** Goes on with an engine that an earlier gateway launched. */
  resume(engine: RunningEngine): void {
    if (this.#phase.state === 'starting') this.#input({ type: 'launched' }, engine)
    else this.#attach(engine)
    if (this.#phase.state === 'cancelling') this.#perform('terminate')
  }

  /** Lets go of the run without stopping it: the next gateway goes on from here. */
  async detach(): Promise<void> {
    this.#leave.abort()
    this.#clock.stop()
    this.#saver.stop()
    this.#cancelTelling()
    await this.#followed
    if (this.#phase.state !== 'queued') await this.#checkpoint()
    await this.runLog.close()
  }

  #input(input: RunInput, engine?: RunningEngine): void {
    const { phase, effects } = transition(this.#phase, input)
    if (phase === this.#phase && effects.length === 0) return
    this.#phase = phase
    if (engine !== undefined) this.#engine = engine
    if (phase.state !== 'ended') {
      this.#store({ state: phase.state, ...(phase.state === 'cancelling' ? { intent: phase.intent } : {}) })
      if (!effects.includes('start-clock')) this.#told()
    }
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: RunEffect): void {
    switch (effect) {
      case 'launch':
        void this.#launch()
        break
      case 'start-clock':
        if (this.#engine !== null) this.#attach(this.#engine)
        break
      case 'terminate':
        void this.#engine?.terminate()
        this.#clock.at(this.#clock.elapsedMs() + this.#deps.killGraceMs, () => this.#input({ type: 'grace-passed' }))
        break
      case 'kill':
        void this.#engine?.kill()
        break
      case 'conclude-unstarted':
        this.#concludeUnstarted()
        break
    }
  }

  async #launch(): Promise<void> {
    const { runDir } = this.runLog
    const launched = await this.#tryLaunch(runDir)
    if (this.#leave.signal.aborted) return
    if (launched.ok) {
      this.#input({ type: 'launched' }, launched.value)
    } else {
      this.#stored = { ...this.#stored, outcome: unstarted('launch-failed', launched.error) }
      this.#input({ type: 'launch-failed' })
    }
  }

  async #tryLaunch(runDir: string): Promise<Result<RunningEngine, string>> {
    const plan = this.#deps.plan(this.#stored)
    if (!plan.ok) return { ok: false, error: plan.error.message }
    const { wrapper, wrapperName, command, env } = plan.value
    try {
      await mkdir(runDir, { recursive: true, mode: 0o700 })
      await writeFile(join(runDir, wrapperName), wrapper)
      await this.#deps.keepSource(this.#stored, runDir)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      return { ok: false, error: `The run's directory cannot be written: ${why}. Check the data directory's disk.` }
    }
    const { id, attempt } = this.#stored
    return await this.#deps.executor.launch({ runId: id, runDir, attempt, command, env })
  }

  /** From here on the engine runs: clock, ticks, deadline, log. */
  #attach(engine: RunningEngine): void {
    this.#engine = engine
    this.#clock.stop()
    const startedAt = this.#stored.startedAt ?? Math.round(engine.startedAt)
    this.#clock = new RunClock(this.#deps.timers, engine.startedAt)
    this.#store({ startedAt })
    this.#told()
    this.#clock.everyTick((elapsedMs) => this.#tick(elapsedMs))
    const { timeoutMs } = this.#stored
    if (timeoutMs !== null) this.#clock.at(timeoutMs, () => this.#input({ type: 'deadline-passed' }))
    void this.#supervise(engine)
  }

  async #supervise(engine: RunningEngine): Promise<void> {
    const { signal } = this.#leave
    this.#followed = this.#follower.follow(this.#engineDone.signal, signal)
    const exit = await engine.exited
    // What the engine started goes with it when it was told to stop, and lives on when it ended by itself.
    if (this.#phase.state === 'cancelling') await engine.kill()
    this.#clock.stop()
    const elapsedMs = this.#clock.elapsedMs()
    this.#engineDone.abort()
    await this.#followed
    if (!signal.aborted) await this.#settle(exit, elapsedMs)
  }

  #linesCame({ text, start, next }: LineBatch): void {
    this.#deps.onRead(text.length, next - start)
    this.#partial = ''
    this.#noteProgress()
    // Between two batches feed and parser are at the same line, which is what makes a checkpoint.
    if (this.#deps.timers.now() >= this.#checkpointAt) void this.#checkpoint()
  }

  async #settle(exit: EngineExit, elapsedMs: number): Promise<void> {
    const { feed, parser, runDir } = this.runLog
    await this.#follower.putBack()
    const { state, outcome } = decideOutcome({
      intent: this.#stored.intent ?? 'none',
      exit,
      verdict: parser.verdict(),
      logLost: this.#follower.lost,
      logBytes: feed.bytes,
      console: await readEnd(join(runDir, this.#deps.consoleFile), CONSOLE_BYTES),
      timeoutMs: this.#stored.timeoutMs,
    })
    this.#stored = {
      ...this.#stored,
      progress: { ...parser.progress(), estimate: null },
      artifacts: await describeArtifacts(parser.savedFiles()),
    }
    this.runLog.growth.note({ elapsedMs: Math.round(elapsedMs), lines: feed.lines })
    await this.#checkpoint()
    this.#phase = transition(this.#phase, { type: 'settled', as: state }).phase
    this.#conclude(state, outcome, elapsedMs)
  }

  #concludeUnstarted(): void {
    if (this.#phase.state !== 'ended') return
    const outcome = this.#stored.outcome ?? unstarted('cancelled', 'It was cancelled before it started.')
    this.#conclude(this.#phase.as, outcome, 0)
  }

  #conclude(state: EndedState, outcome: Outcome, elapsedMs: number): void {
    const { bytes, lines, generation } = this.runLog.feed
    const endedAt = this.#deps.timers.wallClock()
    this.#clock.stop()
    this.#store({ state, outcome, elapsedMs, endedAt, generation, logBytes: bytes, logLines: lines })
    this.#cancelTelling()
    this.runLog.feed.finish(this.record())
    if (this.#saver.problem === null) this.#deps.onEnded(this)
  }

  #tick(elapsedMs: number): void {
    this.runLog.feed.tick(elapsedMs)
    this.runLog.growth.note({ elapsedMs, lines: this.runLog.feed.lines })
    if (this.#earlierMs.length > 0) this.#noteProgress(true)
  }

  /** Progress is gathered for a moment: a loop of a thousand commands a second is told twice a second. */
  #noteProgress(always = false): void {
    if (this.#progressDue || (!always && this.runLog.parser.revision === this.#seenRevision)) return
    this.#progressDue = true
    this.#cancelTelling = this.#deps.timers.after(PROGRESS_INTERVAL_MS, () => void this.#tellProgress())
  }

  async #tellProgress(): Promise<void> {
    const { parser } = this.runLog
    this.#seenRevision = parser.revision
    const artifacts = await describeArtifacts(parser.savedFiles())
    this.#progressDue = false
    if (this.#phase.state === 'ended' || this.#leave.signal.aborted || this.#engineDone.signal.aborted) return
    const estimate = estimateDuration(this.#earlierMs, this.#clock.elapsedMs())
    this.#stored = { ...this.#stored, progress: { ...parser.partialProgress(this.#partial), estimate }, artifacts }
    this.#told()
  }

  async #checkpoint(): Promise<void> {
    this.#checkpointAt = this.#deps.timers.now() + CHECKPOINT_INTERVAL_MS
    await this.runLog.checkpoint().catch((error) => {
      this.#deps.log.warn({ runId: this.id, error }, 'The log cannot be indexed; a restart will read it anew.')
    })
  }

  #store(changes: Partial<StoredRun>): void {
    this.#stored = { ...this.#stored, ...changes }
    this.#saver.save(this.#stored)
  }

  /** What could not be stored now is. */
  #recovered(): void {
    if (this.#phase.state === 'ended') this.#deps.onEnded(this)
    else this.#told()
  }

  #problem(): string | null {
    return this.#saver.problem ?? this.#follower.problem ?? this.#deps.surroundings()
  }

  #told(): void {
    this.runLog.feed.update(this.record())
  }
}

function phaseOf({ state, intent }: StoredRun): RunPhase {
  switch (state) {
    case 'queued':
    case 'starting':
    case 'running':
      return { state }
    case 'cancelling':
      return { state, intent: intent ?? 'cancelled', launched: true }
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'timed-out':
    case 'lost':
      return { state: 'ended', as: state }
  }
}

/** The outcome of a run whose engine never ran. */
export function unstarted(reason: Intent | 'launch-failed', message: string): Outcome {
  return { reason, rc: null, message, command: null, line: null, exitCode: null, signal: null }
}

async function readEnd(path: string, bytes: number): Promise<string> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(bytes, size))
    await file.read(buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8')
  } catch {
    return ''
  }
}
