import { outcomeReasonSchema, runStateSchema } from '@tailgate/shared'
import fc from 'fast-check'
import { intentSchema, type StoredRun } from '../stored-run.ts'

/** A run as it is right after it was queued, with the given differences. */
export function sampleStoredRun(differences: Partial<StoredRun> = {}): StoredRun {
  return {
    id: '01JD0000000000000000000000',
    state: 'queued',
    intent: null,
    file: '/projects/main.do',
    args: [],
    workingDir: '/projects',
    engine: { kind: 'standin', path: '/opt/tailgate-standin', edition: null, version: null },
    executor: 'local',
    startedBy: null,
    runKey: null,
    requestDigest: 'digest',
    cancelOnDisconnect: false,
    attempt: 1,
    timeoutMs: null,
    queuedAt: Date.UTC(2025, 0, 1),
    startedAt: null,
    endedAt: null,
    elapsedMs: null,
    outcome: null,
    progress: { statement: null, replications: null, iteration: null, estimate: null },
    artifacts: [],
    generation: 0,
    logBytes: 0,
    logLines: 0,
    ...differences,
  }
}

/** Any text that UTF-8 can hold, with what a database or a quoting may trip over. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', "'", '"', '\0', 'a\0b', '\r\n', '%_*?', 'NULL', '\u00e9\u{1f4a9}', "'); DROP TABLE runs; --"),
)
const count = fc.integer({ min: 0, max: 2 ** 31 })
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const real = fc.double({ min: 0, max: 1e15, noNaN: true })
/** JSON has no -0. */
const signedReal = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const time = fc.integer({ min: 0, max: 4_102_444_800_000 })

/** Any run that the schema allows. */
export const anyStoredRun: fc.Arbitrary<StoredRun> = fc.record({
  id: fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), minLength: 26, maxLength: 26 }),
  state: fc.constantFrom(...runStateSchema.options),
  intent: nullable(fc.constantFrom(...intentSchema.options)),
  file: text,
  args: fc.array(text),
  workingDir: text,
  engine: fc.record({
    kind: fc.constantFrom('stata', 'standin'),
    path: text,
    edition: nullable(text),
    version: nullable(text),
  }),
  executor: fc.constantFrom('local', 'slurm'),
  startedBy: nullable(text),
  runKey: nullable(text),
  requestDigest: text,
  cancelOnDisconnect: fc.boolean(),
  attempt: count,
  timeoutMs: nullable(real),
  queuedAt: time,
  startedAt: nullable(time),
  endedAt: nullable(time),
  elapsedMs: nullable(real),
  outcome: nullable(
    fc.record({
      reason: fc.constantFrom(...outcomeReasonSchema.options),
      rc: nullable(count),
      message: nullable(text),
      command: nullable(text),
      line: nullable(count),
      exitCode: nullable(count),
      signal: nullable(text),
    }),
  ),
  progress: fc.record({
    statement: nullable(fc.record({ current: count, total: count, text, logLine: count, sourceLine: count })),
    replications: nullable(fc.record({ done: count, total: nullable(count), failed: count })),
    iteration: nullable(fc.record({ number: count, label: text, value: nullable(signedReal) })),
    estimate: nullable(fc.record({ expectedMs: real, percent: real, remainingMs: real, runs: count })),
  }),
  artifacts: fc.array(
    fc.record({
      index: count,
      path: text,
      name: text,
      kind: fc.constantFrom('graph', 'dataset', 'table', 'document', 'log', 'other'),
      bytes: nullable(count),
      modifiedAt: nullable(text),
      logLine: count,
    }),
    { maxLength: 4 },
  ),
  generation: count,
  logBytes: fc.maxSafeNat(),
  logLines: count,
})
