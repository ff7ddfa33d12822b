import { appendFile, writeFile } from 'node:fs/promises'
import { ok } from '@tailgate/shared'
import type { EngineExit, Executor, LaunchAttempt, LaunchSpec, RunningEngine } from '../../executors/executor.ts'
import { logPath } from '../../feed/log-files.ts'

/** An engine that a test moves by hand. It outlives the gateway, as real ones do. */
export class HandEngine implements RunningEngine {
  readonly pid = 1
  startedAt = Date.now()
  endedAt: number | null = null
  readonly exited: Promise<EngineExit>
  readonly #logPath: string
  readonly #end: (exit: EngineExit) => void
  /** What it was asked, in order. */
  readonly asked: ('terminate' | 'kill')[] = []

  constructor(runDir: string) {
    this.#logPath = logPath(runDir)
    const { promise, resolve } = Promise.withResolvers<EngineExit>()
    this.exited = promise
    this.#end = resolve
  }

  /** Appends to the log. */
  async write(text: string): Promise<void> {
    await appendFile(this.#logPath, text)
  }

  /** Writes the log anew. */
  async rewrite(text: string): Promise<void> {
    await writeFile(this.#logPath, text)
  }

  end(exit: EngineExit = { type: 'exited', exitCode: 0 }): void {
    this.#end(exit)
  }

  async terminate(): Promise<void> {
    this.asked.push('terminate')
    this.end({ type: 'signalled', signal: 'SIGTERM' })
  }

  async kill(): Promise<void> {
    this.asked.push('kill')
    this.end({ type: 'signalled', signal: 'SIGKILL' })
  }
}

/** Starts engines that are moved by hand, and finds them again for the next gateway. */
export class HandExecutor implements Executor {
  readonly kind = 'local'
  /** By run id. */
  readonly engines = new Map<string, HandEngine>()
  /** Happens before each launch; a rejection is the launch's. */
  beforeLaunch: (spec: LaunchSpec, givenUp?: AbortSignal) => Promise<void> = () => Promise.resolve()
  /** Happens before each adoption. */
  beforeAdopt: (attempt: LaunchAttempt) => Promise<void> = () => Promise.resolve()

  readonly launch: Executor['launch'] = async (spec, givenUp) => {
    await this.beforeLaunch(spec, givenUp)
    const engine = new HandEngine(spec.runDir)
    this.engines.set(spec.runId, engine)
    return ok(engine)
  }

  readonly adopt: Executor['adopt'] = async (attempt) => {
    await this.beforeAdopt(attempt)
    return this.engines.get(attempt.runId) ?? null
  }

  close(): void {}

  /** The engine of a run that has been launched. */
  engine(runId: string): HandEngine {
    const engine = this.engines.get(runId)
    if (engine === undefined) throw new Error(`run ${runId} was not launched`)
    return engine
  }
}
