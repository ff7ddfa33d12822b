import type { Executor, RunningEngine } from '../executors/executor.ts'
import { vanishedEngine } from '../executors/vanished-engine.ts'
import type { RunStore } from '../store/run-store.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { ActiveRun } from './active-run.ts'
import type { RunQueue } from './run-queue.ts'

/**
 * Takes up the runs that an earlier gateway left, whatever moment it died at:
 *
 *   queued                      → queued again, in the same order
 *   launched, engine found      → adopted: followed on, ended with its true outcome
 *   launched, no trace of it    → ended by what its log says, never started again
 *   about to be launched        → that attempt is void; queued again as the next one
 *
 * A cancel that was stored is carried out. Nothing may be started meanwhile: engines that go on take their places first.
 */

export type RunRecoveryDeps = {
  readonly store: Pick<RunStore, 'list' | 'save'>
  readonly queue: Pick<RunQueue, 'add' | 'adopt'>
  readonly executor: Pick<Executor, 'adopt'>
  readonly runDir: (runId: string) => string
  readonly activate: (run: StoredRun) => Promise<ActiveRun>
}

export async function recoverRuns(deps: RunRecoveryDeps): Promise<void> {
  const states = ['queued', 'starting', 'running', 'cancelling'] as const
  const oldestFirst = deps.store.list({ states, limit: Number.MAX_SAFE_INTEGER }).reverse()
  for (const stored of oldestFirst) await recoverRun(stored, deps)
}

async function recoverRun(stored: StoredRun, deps: RunRecoveryDeps): Promise<void> {
  const { store, queue, activate } = deps
  let waiting = stored
  if (stored.state !== 'queued') {
    const engine = await findEngine(stored, deps)
    if (engine !== null) {
      queue.adopt(stored.id)
      const run = await activate(stored)
      run.resume(engine)
      return
    }
    waiting = { ...stored, state: 'queued', attempt: stored.attempt + 1 }
    store.save(waiting)
  }
  const run = await activate(waiting)
  queue.add(run.id)
  if (waiting.intent !== null) run.cancel()
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
