import type { Logger } from 'pino'
import type { Executor, RunningEngine } from '../executors/executor.ts'
import { vanishedEngine } from '../executors/vanished-engine.ts'
import type { RunStore } from '../store/run-store.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { ActiveRun } from './active-run.ts'
import type { RunQueue } from './run-queue.ts'
import { bareOutcome, whereToLook } from './settle-run.ts'

/**
 * Takes up the runs that an earlier gateway left, whatever moment it died at:
 *
 *   queued                      → queued again, in the same order
 *   launched, engine found      → adopted: followed on, ended with its true outcome
 *   launched, no trace of it    → ended by what its log says, never started again
 *   about to be launched        → that attempt is void; queued again as the next one
 *   cannot be told              → lost, never started again; the others are taken up all the same
 *
 * A cancel that was stored is carried out. Nothing may be started meanwhile: engines that go on take their places first.
 */

export type RunRecoveryDeps = {
  readonly store: Pick<RunStore, 'list' | 'save'>
  readonly queue: Pick<RunQueue, 'add' | 'adopt'>
  readonly executor: Pick<Executor, 'adopt'>
  readonly runDir: (runId: string) => string
  readonly activate: (run: StoredRun) => Promise<ActiveRun>
  readonly wallClock: () => number
  readonly log: Logger
}

export async function recoverRuns(deps: RunRecoveryDeps): Promise<void> {
  const states = ['queued', 'starting', 'running', 'cancelling'] as const
  const oldestFirst = deps.store.list({ states, limit: Number.MAX_SAFE_INTEGER }).reverse()
  for (const stored of oldestFirst) {
    if (stored.state === 'queued') await queueAgain(stored, deps)
    else await takeUp(stored, deps)
  }
}

async function takeUp(stored: StoredRun, deps: RunRecoveryDeps): Promise<void> {
  let engine: RunningEngine | null
  let adopted: ActiveRun | null
  try {
    engine = await findEngine(stored, deps)
    adopted = engine && (await deps.activate(stored))
  } catch (error) {
    const message = `After a restart of the gateway nothing could be learned from its directory ${deps.runDir(stored.id)}: ${messageOf(error)}. ${whereToLook(stored.id)}`
    giveUp({ ...stored, state: 'lost', outcome: bareOutcome('engine-vanished', message) }, error, deps)
    return
  }
  if (engine !== null && adopted !== null) {
    deps.queue.adopt(stored.id)
    adopted.resume(engine)
    return
  }
  const waiting: StoredRun = { ...stored, state: 'queued', attempt: stored.attempt + 1 }
  deps.store.save(waiting)
  await queueAgain(waiting, deps)
}

async function queueAgain(waiting: StoredRun, deps: RunRecoveryDeps): Promise<void> {
  let run: ActiveRun
  try {
    run = await deps.activate(waiting)
  } catch (error) {
    const message = `It was not started, since its directory cannot be used: ${messageOf(error)}.`
    const [state, reason] =
      waiting.intent === null ? (['failed', 'launch-failed'] as const) : (['cancelled', 'cancelled'] as const)
    giveUp({ ...waiting, state, outcome: bareOutcome(reason, message) }, error, deps)
    return
  }
  deps.queue.add(run.id)
  if (waiting.intent !== null) run.cancel()
}

/** A run whose directory lets nothing be done with it must not keep the gateway from all the others. */
function giveUp(ended: StoredRun, error: unknown, { store, wallClock, log }: RunRecoveryDeps): void {
  log.error({ runId: ended.id, error }, 'A run that an earlier gateway left cannot be taken up')
  store.save({ ...ended, endedAt: wallClock() })
}

/** The engine of a run, or what stands for it; null when it was never launched, and its claim is now void. */
async function findEngine(run: StoredRun, { executor, runDir }: RunRecoveryDeps): Promise<RunningEngine | null> {
  const { id: runId, attempt, state, startedAt, queuedAt } = run
  const found = await executor.adopt({ runId, runDir: runDir(runId), attempt })
  const wasSeenToRun = state === 'running' || startedAt !== null
  return found ?? (wasSeenToRun ? vanishedEngine(startedAt ?? queuedAt, lostTrack(runDir(runId))) : null)
}

/** A power failure takes what was not yet on the disk; so does whoever empties the directory. */
function lostTrack(runDir: string): string {
  return `nothing is left in its directory ${runDir} by which its engine could be found, as after a deletion or a power failure; unless the machine was restarted, the engine may still be going`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
