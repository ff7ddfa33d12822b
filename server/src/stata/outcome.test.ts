import { type Outcome, outcomeSchema } from '@tailgate/shared'
import { describe, expect, test } from 'vitest'
import type { EngineExit } from '../executors/executor.ts'
import type { LogVerdict } from './log/log-verdict.ts'
import { decideOutcome, type OutcomeInput, type RunEnd } from './outcome.ts'

const EXITS = {
  'status 0': { type: 'exited', exitCode: 0 },
  'status 1': { type: 'exited', exitCode: 1 },
  killed: { type: 'signalled', signal: 'SIGKILL' },
  vanished: { type: 'vanished', why: 'the machine restarted' },
} as const satisfies Record<string, EngineExit>

const place = { command: 'regress y x', line: 7 }
const VERDICTS = {
  completed: { type: 'completed', line: 9, open: 0 },
  'half ended': { type: 'completed', line: 9, open: 1 },
  error: { type: 'error', rc: 111, message: 'x not found', ...place },
  break: { type: 'error', rc: 1, message: '--Break--', ...place },
  exited: { type: 'exited', command: 'exit, STATA', line: 7, code: 0 },
  'exited 9': { type: 'exited', command: 'exit 9, STATA', line: 7, code: 9 },
  stops: { type: 'no-end-marker', ...place },
  empty: { type: 'empty' },
} as const satisfies Record<string, LogVerdict>

type ExitName = keyof typeof EXITS
type VerdictName = keyof typeof VERDICTS
type Intent = OutcomeInput['intent']

/** State, reason and code, in the order of the verdicts above. */
type Cell = `${RunEnd['state']} ${Outcome['reason']} ${number | '-'}`

const ok: Cell = 'succeeded completed 0'
const r111: Cell = 'failed stata-error 111'
const r1: Cell = 'failed stata-error 1'
const r9: Cell = 'failed stata-error 9'
const cancelled: Cell = 'cancelled cancelled -'
const late: Cell = 'timed-out timed-out -'
const status: Cell = 'failed exit-code -'
const signal: Cell = 'failed signal -'
const none: Cell = 'failed no-end-marker -'
const noLog: Cell = 'failed no-log -'
const lost: Cell = 'lost engine-vanished -'

/** Complete by type: a new exit, intent or verdict does not compile until its cells are written. */
const TABLE: Record<Intent, Record<ExitName, Record<VerdictName, Cell>>> = {
  none: {
    'status 0': {
      completed: ok,
      'half ended': ok,
      error: r111,
      break: r1,
      exited: ok,
      'exited 9': r9,
      stops: none,
      empty: noLog,
    },
    'status 1': {
      completed: status,
      'half ended': status,
      error: r111,
      break: r1,
      exited: status,
      'exited 9': status,
      stops: status,
      empty: noLog,
    },
    killed: {
      completed: signal,
      'half ended': signal,
      error: r111,
      break: r1,
      exited: signal,
      'exited 9': signal,
      stops: signal,
      empty: signal,
    },
    vanished: {
      completed: ok,
      'half ended': lost,
      error: r111,
      break: r1,
      exited: ok,
      'exited 9': r9,
      stops: lost,
      empty: lost,
    },
  },
  cancelled: {
    'status 0': {
      completed: ok,
      'half ended': cancelled,
      error: r111,
      break: cancelled,
      exited: ok,
      'exited 9': r9,
      stops: cancelled,
      empty: cancelled,
    },
    'status 1': {
      completed: cancelled,
      'half ended': cancelled,
      error: cancelled,
      break: cancelled,
      exited: cancelled,
      'exited 9': cancelled,
      stops: cancelled,
      empty: cancelled,
    },
    killed: {
      completed: cancelled,
      'half ended': cancelled,
      error: cancelled,
      break: cancelled,
      exited: cancelled,
      'exited 9': cancelled,
      stops: cancelled,
      empty: cancelled,
    },
    vanished: {
      completed: ok,
      'half ended': cancelled,
      error: r111,
      break: cancelled,
      exited: ok,
      'exited 9': r9,
      stops: cancelled,
      empty: cancelled,
    },
  },
  'timed-out': {
    'status 0': {
      completed: ok,
      'half ended': late,
      error: r111,
      break: late,
      exited: ok,
      'exited 9': r9,
      stops: late,
      empty: late,
    },
    'status 1': {
      completed: late,
      'half ended': late,
      error: late,
      break: late,
      exited: late,
      'exited 9': late,
      stops: late,
      empty: late,
    },
    killed: {
      completed: late,
      'half ended': late,
      error: late,
      break: late,
      exited: late,
      'exited 9': late,
      stops: late,
      empty: late,
    },
    vanished: {
      completed: ok,
      'half ended': late,
      error: r111,
      break: late,
      exited: ok,
      'exited 9': r9,
      stops: late,
      empty: late,
    },
  },
}

function decide(parts: Partial<OutcomeInput>): RunEnd {
  return decideOutcome({
    intent: 'none',
    exit: EXITS['status 0'],
    verdict: VERDICTS.completed,
    logLost: null,
    logBytes: 1000,
    console: '',
    timeoutMs: null,
    ...parts,
  })
}

const cases = Object.entries(TABLE).flatMap(([intent, exits]) =>
  Object.entries(exits).flatMap(([exit, verdicts]) =>
    Object.entries(verdicts).map(([verdict, cell]) => ({ intent, exit, verdict, cell })),
  ),
)

describe('an outcome', () => {
  test.each(cases)(
    'of intent $intent, $exit and a log that is $verdict is $cell',
    ({ intent, exit, verdict, cell }) => {
      // Object.entries forgets that the keys are those of the tables.
      const { state, outcome } = decide({
        intent: intent as Intent,
        exit: EXITS[exit as ExitName],
        verdict: VERDICTS[verdict as VerdictName],
      })
      expect(`${state} ${outcome.reason} ${outcome.rc ?? '-'}`).toBe(cell)
      expect(outcomeSchema.parse(outcome)).toEqual(outcome)
      expect(outcome.message === null).toBe(state === 'succeeded')
      expect(outcome.exitCode).toBe(exit === 'status 0' ? 0 : exit === 'status 1' ? 1 : null)
      expect(outcome.signal).toBe(exit === 'killed' ? 'SIGKILL' : null)
    },
  )

  test('of an error has its message, command and line', () => {
    expect(decide({ verdict: VERDICTS.error }).outcome).toMatchObject({
      message: 'x not found',
      command: 'regress y x',
      line: 7,
    })
  })

  test.each([
    [601, 'file not found'],
    [3777, 'Mata run-time error'],
    [12344, 'the do-file stopped with return code 12344, which the log does not explain'],
  ])('of an error without a message says what r(%d) means', (rc, message) => {
    expect(decide({ verdict: { ...VERDICTS.error, rc, message: null } }).outcome.message).toBe(message)
  })

  test('without a log repeats what the engine printed', () => {
    const { outcome } = decide({
      verdict: VERDICTS.empty,
      logBytes: 0,
      console: '\nCannot find license file\r\nsee help\n',
    })
    expect(outcome.message).toBe(
      'Stata did not write a log and exited normally. It printed: "Cannot find license file / see help". Most often its licence is missing, invalid or in use elsewhere: start Stata by hand on this machine to see.',
    )
    expect(decide({ verdict: VERDICTS.empty, console: 'x'.repeat(100_000) }).outcome.message?.length).toBeLessThan(
      1_500,
    )
  })

  test('of a timeout says how long it was given and where it was stopped', () => {
    const { outcome } = decide({ intent: 'timed-out', exit: EXITS.killed, verdict: VERDICTS.stops, timeoutMs: 600_000 })
    expect(outcome.message).toBe(
      'The run was stopped after "regress y x" (log line 7): it had not ended within 600 s. Give it more time, or none, to let it end.',
    )
  })

  describe('whose log could not be read to its end', () => {
    const outcomes: Record<ExitName, Cell> = {
      'status 0': 'lost log-lost -',
      'status 1': status,
      killed: signal,
      vanished: lost,
    }
    const combinations = Object.entries(outcomes).flatMap(([exit, cell]) =>
      Object.entries(VERDICTS).map(([name, verdict]) => ({ exit, cell, name, verdict })),
    )
    test.each(combinations)('does not trust what it read: $exit, $name is $cell', ({ exit, cell, verdict }) => {
      // Object.entries forgets that the keys are those of the table.
      const { state, outcome } = decide({ exit: EXITS[exit as ExitName], verdict, logLost: 'it was deleted' })
      expect(`${state} ${outcome.reason} ${outcome.rc ?? '-'}`).toBe(cell)
      expect(outcome.message).toContain('it was deleted')
    })

    test('is cancelled or timed out if that is what was done to it', () => {
      const stopped = { exit: EXITS['status 0'], verdict: VERDICTS.completed, logLost: 'it was deleted' }
      expect(decide({ ...stopped, intent: 'cancelled' }).state).toBe('cancelled')
      expect(decide({ ...stopped, intent: 'timed-out' }).state).toBe('timed-out')
    })
  })

  test('of a status above 128 names the signal', () => {
    expect(decide({ exit: { type: 'exited', exitCode: 137 }, verdict: VERDICTS.stops }).outcome.message).toContain(
      'signal 9',
    )
  })
})
