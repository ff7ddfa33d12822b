import type { Run } from '@tailgate/client'

/** A running run, with differences of the test's choice. */
export function sampleRun(differences: Partial<Run> = {}): Run {
  return {
    id: '01RUN',
    file: '/projects/wage/main.do',
    args: [],
    workingDir: '/projects/wage',
    engine: { kind: 'stata', path: '/usr/local/stata18/stata-mp', edition: 'MP', version: '18.5' },
    executor: 'local',
    startedBy: null,
    state: 'running',
    queuePosition: null,
    queuedAt: '2026-01-01T12:00:00.000Z',
    startedAt: '2026-01-01T12:00:00.000Z',
    endedAt: null,
    elapsedMs: 1_000,
    timeoutMs: null,
    outcome: null,
    progress: { statement: null, replications: null, iteration: null, estimate: null },
    artifacts: [],
    log: { bytes: 0, lines: 0 },
    ...differences,
  }
}

/** How a run ended, with differences of the test's choice. */
export function sampleOutcome(differences: Partial<NonNullable<Run['outcome']>> = {}): NonNullable<Run['outcome']> {
  return {
    reason: 'stata-error',
    rc: 111,
    message: 'bad_var not found',
    command: 'generate y = bad_var',
    line: 12,
    exitCode: 0,
    signal: null,
    ...differences,
  }
}
