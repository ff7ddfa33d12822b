import type { Run } from '@tailgate/shared'

/** A Run record as it is right after the start of `streaming.do`, with the given differences. */
export function sampleRun(differences: Partial<Run> = {}): Run {
  return {
    id: '01JD0000000000000000000000',
    file: '/projects/streaming.do',
    args: [],
    workingDir: '/projects',
    engine: { kind: 'standin', path: '/opt/tailgate-standin', edition: null, version: null },
    executor: 'local',
    startedBy: null,
    state: 'running',
    queuePosition: null,
    queuedAt: '2025-01-01T00:00:00.000Z',
    startedAt: '2025-01-01T00:00:00.000Z',
    endedAt: null,
    elapsedMs: 0,
    timeoutMs: null,
    outcome: null,
    progress: { statement: null, replications: null, iteration: null, estimate: null },
    artifacts: [],
    log: { bytes: 0, lines: 0 },
    ...differences,
  }
}

/** The outcome of a run that went well, with the given differences. */
export function sampleOutcome(differences: Partial<NonNullable<Run['outcome']>> = {}): NonNullable<Run['outcome']> {
  return {
    reason: 'completed',
    rc: 0,
    message: null,
    command: null,
    line: null,
    exitCode: 0,
    signal: null,
    ...differences,
  }
}
