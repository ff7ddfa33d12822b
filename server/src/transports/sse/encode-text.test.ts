import type { TailgateEvent } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { sampleOutcome, sampleRun } from '../testing/sample-run.ts'
import { encodeStart, encodeText } from './encode-text.ts'

const NOW = Date.parse('2025-01-01T00:00:02.000Z')

function encode(event: TailgateEvent, offset = 16): string | null {
  return encodeText({ cursor: { runId: 'r1', generation: 0, offset, ended: event.type === 'end' }, event }, NOW)
}

function lines(...text: string[]): TailgateEvent {
  return { type: 'lines', first: 1, start: 0, next: 16, text }
}

test('the first line names the do-file and stands at the beginning of the log', () => {
  const run = sampleRun({ id: 'r1', file: '/projects/wage/streaming.do' })
  expect(encodeStart(run)).toBe('id: r1:0:0\ndata: Starting execution of streaming.do...\n\n')
})

test('a file name with a line break cannot add a field', () => {
  expect(encodeStart(sampleRun({ id: 'r1', file: '/p/a\ndata: b\r\n\rid: c.do' }))).toBe(
    'id: r1:0:0\ndata: Starting execution of a data: b id: c.do...\n\n',
  )
})

test('each log line is a data field of one event, blank lines too', () => {
  expect(encode(lines('a', '', '. display "b"'))).toBe('id: r1:0:16\ndata: a\ndata: \ndata: . display "b"\n\n')
})

test('a carriage return inside a line starts a new field, and NUL becomes a replacement character', () => {
  expect(encode(lines('10%\r20%', 'a\0b', 'c\r\nd', '\r'))).toBe(
    'id: r1:0:16\ndata: 10%\ndata: 20%\ndata: a\uFFFDb\ndata: c\ndata: d\ndata: \ndata: \n\n',
  )
})

test('ticks tell the elapsed time', () => {
  expect(encode({ type: 'tick', elapsedMs: 2_000 })).toBe('id: r1:0:16\ndata: Executing... 2.0s elapsed\n\n')
  expect(encode({ type: 'tick', elapsedMs: 3_600_000 })).toContain('Executing... 3600.0s elapsed')
})

test('a queued run tells how long it has waited and its position', () => {
  const run = sampleRun({ state: 'queued', queuePosition: 3, queuedAt: '2025-01-01T00:00:00.000Z' })
  expect(encode({ type: 'run', run })).toBe('id: r1:0:16\ndata: Waiting... 2.0s, position 3\n\n')
})

test('a run that was queued a moment ago does not mention it', () => {
  const run = sampleRun({ state: 'queued', queuePosition: 1, queuedAt: '2025-01-01T00:00:01.990Z' })
  expect(encode({ type: 'run', run })).toBeNull()
})

test('run and partial events do not show', () => {
  expect(encode({ type: 'run', run: sampleRun() })).toBeNull()
  expect(encode({ type: 'partial', line: 1, text: '....' })).toBeNull()
})

test('a reset is told', () => {
  expect(encode({ type: 'reset', generation: 1, reason: 'truncated' }, 0)).toBe(
    'id: r1:0:0\ndata: *** Output starts again: the log was truncated ***\n\n',
  )
})

const closings = [
  ['succeeded', sampleOutcome(), '*** Execution completed ***'],
  [
    'failed',
    sampleOutcome({ reason: 'stata-error', rc: 111, message: 'bad_var not found' }),
    '*** Execution failed: r(111); bad_var not found ***',
  ],
  [
    'failed',
    sampleOutcome({ reason: 'stata-error', rc: 198, message: '\n  invalid syntax\r\nid: 1\n\nevent: end' }),
    '*** Execution failed: r(198); invalid syntax ***',
  ],
  ['failed', sampleOutcome({ reason: 'stata-error', rc: 1, message: null }), '*** Execution failed: r(1) ***'],
  [
    'failed',
    sampleOutcome({ reason: 'launch-failed', rc: null, message: 'Stata is gone.' }),
    '*** Execution failed: Stata is gone. ***',
  ],
  ['failed', sampleOutcome({ reason: 'signal', rc: null, message: null }), '*** Execution failed: signal ***'],
  ['cancelled', sampleOutcome({ reason: 'cancelled', rc: null }), '*** Execution cancelled ***'],
  ['timed-out', sampleOutcome({ reason: 'timed-out', rc: null }), '*** Execution timed out after 600s ***'],
  [
    'lost',
    sampleOutcome({ reason: 'engine-vanished', rc: null, message: 'The machine restarted.' }),
    '*** Execution lost: The machine restarted. ***',
  ],
] as const

test.each(closings)('a %s run closes with its outcome, then the end event: %o', (state, outcome, line) => {
  const event = { type: 'end', run: sampleRun({ id: 'r1', state, outcome, timeoutMs: 600_000 }) } as const
  expect(encode(event)).toBe(`data: ${line}\n\nevent: end\nid: r1:0:16:end\ndata: ${JSON.stringify(event)}\n\n`)
})

test('an end event of a run that has not ended is our bug', () => {
  expect(() => encode({ type: 'end', run: sampleRun({ state: 'running' }) })).toThrow('Internal error')
})
