import type { RunningEngine } from './executor.ts'

/** Stands for an engine that was started once, when nothing is left by which it could be found or stopped. */
export function vanishedEngine(startedAt: number, why: string): RunningEngine {
  return {
    pid: Number.NaN,
    startedAt,
    endedAt: null,
    exited: Promise.resolve({ type: 'vanished', why }),
    terminate: () => Promise.resolve(),
    kill: () => Promise.resolve(),
  }
}
