import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { err, ok, type Result, type TailgateError } from '@tailgate/shared'
import type { Executor, LaunchSpec, RunningEngine } from '../executors/executor.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { Timers } from './run-clock.ts'

/** Brings a run's engine up: its directory gets the wrapper and a copy of the do-file, then the executor starts it. */

/** What is started for a run; made at launch. */
export type LaunchPlan = {
  readonly wrapper: string
  readonly wrapperName: string
  readonly command: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
}

export type LaunchDeps = {
  readonly executor: Executor
  readonly plan: (run: StoredRun) => Result<LaunchPlan, TailgateError>
  /** Copies the do-file into the run's directory. Never rejects. */
  readonly keepSource: () => Promise<void>
  readonly timers: Timers
}

/** A copy that takes longer goes on alone, while its run is followed and can be stopped. */
const MAX_COPY_WAIT_MS = 1_000

/** The engine; or, for the user, why there is none and now never will be by this attempt: also if it was given up. */
export async function launchRun(
  run: StoredRun,
  runDir: string,
  { executor, plan, keepSource, timers }: LaunchDeps,
  givenUp: AbortSignal,
): Promise<Result<RunningEngine, string>> {
  const planned = plan(run)
  if (!planned.ok) return err(planned.error.message)
  const { wrapper, wrapperName, command, env } = planned.value
  try {
    // Not left to the thread pool, which takes longer than the disk: the store beside it is written like this, too.
    mkdirSync(runDir, { recursive: true, mode: 0o700 })
    writeFileSync(join(runDir, wrapperName), wrapper)
  } catch (error) {
    return err(`The run's directory cannot be written: ${messageOf(error)}. Check the data directory's disk.`)
  }
  // At the same time, as the engine is about to read the do-file itself.
  const kept = keepSource()
  try {
    return await launch(executor, { runId: run.id, runDir, attempt: run.attempt, command, env }, givenUp)
  } finally {
    await settledWithin(kept, MAX_COPY_WAIT_MS, timers)
  }
}

async function launch(
  executor: Executor,
  spec: LaunchSpec,
  givenUp: AbortSignal,
): Promise<Result<RunningEngine, string>> {
  try {
    return await executor.launch(spec, givenUp)
  } catch (error) {
    // It broke down before it could tell whether an engine was started. Adopting tells, or makes sure that none will be.
    const engine = await executor.adopt(spec)
    return engine === null ? err(`The engine could not be started: ${messageOf(error)}.`) : ok(engine)
  }
}

async function settledWithin(promise: Promise<void>, ms: number, timers: Timers): Promise<void> {
  let cancel = () => {}
  const passed = new Promise<void>((resolve) => {
    cancel = timers.after(ms, resolve)
  })
  await Promise.race([promise, passed])
  cancel()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
