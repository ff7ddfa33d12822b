import type { Run } from '@tailgate/shared'
import type { StoredRun } from '../store/stored-run.ts'

/** What only the living process knows of a run. */
export type LiveFacts = {
  readonly queuePosition: number | null
  readonly elapsedMs: number
  readonly problem: string | null
}

/** The Run record as callers see it. */
export function runRecord(run: StoredRun, live: LiveFacts): Run {
  return {
    id: run.id,
    file: run.file,
    args: run.args,
    workingDir: run.workingDir,
    engine: run.engine,
    executor: run.executor,
    startedBy: run.startedBy,
    state: run.state,
    queuePosition: run.state === 'queued' ? live.queuePosition : null,
    queuedAt: new Date(run.queuedAt).toISOString(),
    startedAt: isoTime(run.startedAt),
    endedAt: isoTime(run.endedAt),
    elapsedMs: Math.round(run.elapsedMs ?? live.elapsedMs),
    timeoutMs: run.timeoutMs,
    outcome: run.outcome,
    progress: run.progress,
    artifacts: run.artifacts,
    ...(live.problem === null ? {} : { problem: live.problem }),
    log: { bytes: run.logBytes, lines: run.logLines },
  }
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
