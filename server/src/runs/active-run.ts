import { join } from 'node:path'
import { type Run, unreachable } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { EngineExit, RunningEngine } from '../executors/executor.ts'
import type { LineBatch } from '../lines/line-cutter.ts'
import type { DoFileOutline } from '../stata/log/do-file-outline.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { FollowDeps } from '../tail/followed-file.ts'
import { ESTIMATE_RUNS } from './duration-estimate.ts'
import { type LaunchDeps, launchRun } from './launch-run.ts'
import { LiveRecord } from './live-record.ts'
import { LogFollower } from './log-follower.ts'
import { ProgressTeller } from './progress-teller.ts'
import { RunClock } from './run-clock.ts'
import type { RunLog } from './run-log.ts'
import { phaseOf, type RunEffect, type RunInput, type RunPhase, transition } from './run-machine.ts'
import type { LiveFacts } from './run-record.ts'
import { bareOutcome, outcomeWithoutEngine, settleRun, whereToLook } from './settle-run.ts'

/**
 * One run that has not ended: the shell around `run-machine.ts`. It has the engine launched, or takes one over, lets
 * the log flow into the feed, keeps the clock, and writes each state to the store before anyone is told.
 */

export type ActiveRunDeps = Omit<LaunchDeps, 'keepSource'> & {
  /** Copies the do-file into the run's directory. Its outline; null when it cannot be read, or is too long for one. */
  readonly keepSource: (run: StoredRun, runDir: string) => Promise<DoFileOutline | null>
  readonly save: (run: StoredRun) => void
  readonly earlierDurations: (file: string, limit: number) => number[]
  readonly files: FollowDeps
  readonly log: Logger
  readonly consoleFile: string
  readonly killGraceMs: number
  readonly queuePosition: (runId: string) => number | null
  /** Told of each batch of complete lines that was read. */
  readonly onRead: (lines: number, bytes: number) => void
  /** What is wrong with the gateway's surroundings, such as a full disk; null when nothing is. */
  readonly surroundings: () => string | null
  /** Told once, after the run's end is stored and told. */
  readonly onEnded: (run: ActiveRun) => void
}

type RunTime = { readonly endedAt: number; readonly elapsedMs: number }

export class ActiveRun {
  readonly runLog: RunLog
  readonly #deps: ActiveRunDeps
  readonly #follower: LogFollower
  readonly #progress: ProgressTeller
  readonly #record: LiveRecord
  readonly #leave = new AbortController()
  /** Of the launch. */
  readonly #givenUp = new AbortController()
  readonly #engineDone = new AbortController()
  #phase: RunPhase
  #engine: RunningEngine | null = null
  #clock: RunClock
  /** Why it could not be launched, or why that cannot be told. */
  #launchProblem: string | null = null
  #followed: Promise<void> = Promise.resolve()
  /** While the run is judged, its engine having ended. Never rejects. */
  #judged: Promise<void> = Promise.resolve()

  constructor(stored: StoredRun, runLog: RunLog, deps: ActiveRunDeps) {
    this.runLog = runLog
    this.#deps = deps
    this.#phase = phaseOf(stored)
    this.#clock = new RunClock(deps.timers, stored.queuedAt)
    this.#record = new LiveRecord(
      { ...stored, generation: runLog.feed.generation },
      { ...deps, feed: runLog.feed, live: () => this.#liveFacts(), onSaved: () => this.#saved() },
    )
    this.#progress = new ProgressTeller({
      ...deps,
      parser: () => runLog.parser,
      elapsedMs: () => this.#clock.elapsedMs(),
      earlierMs: deps.earlierDurations(stored.file, ESTIMATE_RUNS),
      tell: (state) => this.#record.show(state),
    })
    this.#follower = new LogFollower(runLog, {
      ...deps,
      onLines: (batch) => this.#linesCame(batch),
      onPartial: (text) => this.#progress.partial(text),
      onReset: (generation) => this.#record.store({ generation }),
      onProblem: () => this.#record.tell(),
    })
    if (stored.state === 'queued') this.#clock.everyTick(() => this.#record.tell())
  }

  get id(): string {
    return this.stored.id
  }
  get stored(): StoredRun {
    return this.#record.stored
  }
  get state(): RunPhase['state'] {
    return this.#phase.state
  }

  record(): Run {
    return this.#record.now()
  }

  /** Why its latest state is not stored; null when it is. */
  get saveProblem(): string | null {
    return this.#record.saveProblem
  }

  /** Launches it: to be called once, of a run that was stored as starting and has not been launched. */
  launch(): void {
    this.#perform('launch')
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
    this.#record.tell()
  }

  /** Goes on with an engine that an earlier gateway launched. */
  resume(engine: RunningEngine): void {
    if (this.#phase.state === 'starting') {
      this.#launched(engine)
      return
    }
    this.#record.store(this.#timeOf(engine))
    this.#record.tell()
    this.#progress.takenUp()
    this.#watch(engine)
    if (this.#phase.state === 'cancelling') this.#perform('terminate')
  }

  /** Lets go of the run without stopping it: the next gateway goes on from here. One that is being judged still is. */
  async detach(): Promise<void> {
    this.#leave.abort()
    this.#clock.stop()
    this.#progress.stop()
    await this.#followed
    await this.#judged
    this.#record.stop()
    if (this.#phase.state !== 'queued') await this.#follower.checkpoint()
    await this.runLog.close()
  }

  /** `changes` are stored together with the state that the input leads to. */
  #input(input: RunInput, changes: Partial<StoredRun> = {}): void {
    const { phase, effects } = transition(this.#phase, input)
    if (phase === this.#phase && effects.length === 0) return
    this.#phase = phase
    if (phase.state !== 'ended') {
      const intent = phase.state === 'cancelling' ? { intent: phase.intent } : {}
      this.#record.store({ ...changes, ...intent, state: phase.state })
      this.#record.tell()
    }
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: RunEffect): void {
    switch (effect) {
      case 'launch':
        void this.#launch()
        break
      case 'give-up-launch':
        this.#givenUp.abort()
        break
      case 'start-clock':
        if (this.#engine !== null) this.#watch(this.#engine)
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
      default:
        unreachable(effect)
    }
  }

  async #launch(): Promise<void> {
    const { runDir } = this.runLog
    const deps = { ...this.#deps, keepSource: () => this.#keepSource() }
    const launched = await launchRun(this.stored, runDir, deps, this.#givenUp.signal).catch((error) => {
      this.#deps.log.error({ runId: this.id, error }, 'A launch broke down')
      return error instanceof Error ? error : new Error(String(error))
    })
    if (this.#leave.signal.aborted) return
    if (launched instanceof Error) {
      this.#launchProblem = `Whether its engine was started is not known: ${launched.message}. ${whereToLook(this.id)}`
      this.#input({ type: 'launch-unclear' })
    } else if (launched.ok) {
      this.#launched(launched.value)
    } else {
      this.#launchProblem = launched.error
      this.#input({ type: 'launch-failed' })
    }
  }

  /** Whatever becomes of it, the launch goes on. */
  async #keepSource(): Promise<void> {
    try {
      const outline = await this.#deps.keepSource(this.stored, this.runLog.runDir)
      // Later, its log has begun to be read.
      if (outline !== null && this.#engine === null) this.runLog.outline(outline)
    } catch (error) {
      this.#deps.log.warn({ runId: this.id, error }, 'The do-file could not be copied; its run goes on.')
    }
  }

  #launched(engine: RunningEngine): void {
    this.#input({ type: 'launched' }, this.#timeOf(engine))
  }

  /** From here on the time is the engine's. */
  #timeOf(engine: RunningEngine): Pick<StoredRun, 'startedAt'> {
    this.#engine = engine
    this.#clock.stop()
    this.#clock = new RunClock(this.#deps.timers, engine.startedAt)
    return { startedAt: this.stored.startedAt ?? Math.round(engine.startedAt) }
  }

  /** Ticks, deadline, log, end. */
  #watch(engine: RunningEngine): void {
    const { timeoutMs } = this.stored
    if (engine.endedAt === null) {
      this.#clock.everyTick((elapsedMs) => this.#tick(elapsedMs))
      if (timeoutMs !== null) this.#clock.at(timeoutMs, () => this.#input({ type: 'deadline-passed' }))
    }
    this.#followed = this.#follower.follow(this.#engineDone.signal, this.#leave.signal)
    this.#awaitEnd(engine).catch((error) => this.#giveUp(error))
  }

  async #awaitEnd(engine: RunningEngine): Promise<void> {
    const exit = await engine.exited
    // What the engine started goes with it when it was told to stop, and lives on when it ended by itself.
    if (this.#phase.state === 'cancelling') await engine.kill()
    this.#clock.stop()
    const endedAt = Math.round(engine.endedAt ?? this.#deps.timers.wallClock())
    const elapsedMs = engine.endedAt === null ? this.#clock.elapsedMs() : Math.max(0, endedAt - engine.startedAt)
    this.#engineDone.abort()
    this.#progress.stop()
    await this.#followed
    if (this.#leave.signal.aborted) return
    this.#judged = this.#settle(exit, { endedAt, elapsedMs }).catch((error) => this.#giveUp(error))
    await this.#judged
  }

  async #settle(exit: EngineExit, time: RunTime): Promise<void> {
    const { feed, growth, parser, runDir } = this.runLog
    await this.#follower.putBack()
    const { state, ...settled } = await settleRun({
      run: this.stored,
      exit,
      parser,
      logBytes: feed.bytes,
      logLost: this.#follower.lost,
      consolePath: join(runDir, this.#deps.consoleFile),
    })
    growth.note({ elapsedMs: Math.round(time.elapsedMs), lines: feed.lines })
    await this.#follower.checkpoint()
    this.#phase = transition(this.#phase, { type: 'settled', as: state }).phase
    this.#conclude({ ...settled, ...time, state })
  }

  /** One run that we cannot judge must not take the gateway with it, now and at each restart. */
  #giveUp(error: unknown): void {
    this.#deps.log.error({ runId: this.id, error }, 'Internal error: a run cannot be judged')
    const message = `Tailgate failed to judge how the run ended: ${error}. Its log is kept; the gateway's own log has the details.`
    this.#phase = transition(this.#phase, { type: 'settled', as: 'lost' }).phase
    const time = { endedAt: this.#deps.timers.wallClock(), elapsedMs: this.#clock.elapsedMs() }
    this.#conclude({ ...time, state: 'lost', outcome: bareOutcome('log-lost', message) })
  }

  #concludeUnstarted(): void {
    if (this.#phase.state !== 'ended') return
    const { as: state } = this.#phase
    const outcome = outcomeWithoutEngine(state, this.#launchProblem)
    this.#conclude({ state, outcome, endedAt: this.#deps.timers.wallClock(), elapsedMs: 0 })
  }

  #conclude(end: RunTime & Pick<StoredRun, 'state' | 'outcome'> & Partial<StoredRun>): void {
    this.#clock.stop()
    this.#progress.stop()
    this.#record.finish(end)
    if (this.saveProblem === null) this.#deps.onEnded(this)
  }

  #linesCame({ text, start, next }: LineBatch): void {
    this.#deps.onRead(text.length, next - start)
    this.#progress.lines()
  }

  #tick(elapsedMs: number): void {
    const { feed, growth } = this.runLog
    feed.tick(elapsedMs)
    growth.note({ elapsedMs, lines: feed.lines })
    this.#progress.tick()
  }

  /** What could not be stored now is. */
  #saved(): void {
    if (this.#phase.state === 'ended') this.#deps.onEnded(this)
    else this.#record.tell()
  }

  #liveFacts(): LiveFacts {
    const { queuePosition, surroundings } = this.#deps
    return {
      queuePosition: queuePosition(this.id),
      elapsedMs: this.stored.startedAt === null ? 0 : this.#clock.elapsedMs(),
      problem: this.#phase.state === 'ended' ? null : (this.saveProblem ?? this.#follower.problem ?? surroundings()),
    }
  }
}
