import { formatCursor, type TailgateEvent } from '@tailgate/shared'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleRun } from '../testing/sample-run.ts'
import type { Chunk } from './chunk.ts'
import { createEventEncoders } from './event-encoder.ts'

const encoders = createEventEncoders(() => Date.parse('2025-01-01T00:00:00.000Z'))
const cursor = { runId: 'r1', generation: 0, offset: 99, ended: false }

/** Text that tries to be part of the protocol: control characters, field names, whole events. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r', '\n', '\r\n', '\0', '\n\n', 'data: ', 'data:', 'id: ', 'event: end', 'retry: 1', ':', ' '),
      fc.constantFrom('\uFEFF', '\u2028', '\u0085', '\u001B[2J', '\v', '\f'),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((parts) => parts.join(''))

type Parsed = { readonly events: EventSourceMessage[]; readonly retries: number[]; readonly ids: string[] }

function bodyOf(chunk: Chunk | null): Uint8Array {
  return chunk?.body ?? new Uint8Array()
}

function parse(chunk: Chunk | null): Parsed {
  const parsed: Parsed = { events: [], retries: [], ids: [] }
  const parser = createParser({
    onEvent: (event) => parsed.events.push(event),
    onRetry: (retry) => parsed.retries.push(retry),
    onId: (id) => parsed.ids.push(id),
    onError: (error) => {
      throw error
    },
  })
  parser.feed(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bodyOf(chunk)))
  return parsed
}

test('no log line can forge anything in text: one event comes back, with the lines as its data', () => {
  fc.assert(
    fc.property(fc.array(hostileText, { minLength: 1, maxLength: 5 }), (text) => {
      const event: TailgateEvent = { type: 'lines', first: 1, start: 0, next: 99, text }
      const parsed = parse(encoders.text.encode({ cursor, event }))
      const data = text.map((line) => line.replaceAll('\0', '\uFFFD').replaceAll(/\r\n|\r/g, '\n')).join('\n')
      expect(parsed).toEqual({
        events: [{ id: 'r1:0:99', event: undefined, data }],
        retries: [],
        ids: ['r1:0:99'],
      })
    }),
    { numRuns: 1_000 },
  )
})

test('no outcome message can forge anything in text: the closing line and one end event come back', () => {
  fc.assert(
    fc.property(hostileText, (message) => {
      const outcome = {
        reason: 'stata-error',
        rc: 9,
        message,
        command: null,
        line: null,
        exitCode: 0,
        signal: null,
      } as const
      const event: TailgateEvent = { type: 'end', run: sampleRun({ state: 'failed', outcome }) }
      const { events, retries } = parse(encoders.text.encode({ cursor, event }))
      expect(retries).toEqual([])
      expect(events.map((one) => [one.id, one.event])).toEqual([
        [undefined, undefined],
        ['r1:0:99', 'end'],
      ])
      expect(events[0]?.data).toMatch(/^\*\*\* Execution failed: r\(9\).* \*\*\*$/s)
      expect(events[0]?.data).not.toContain('\n')
      expect(JSON.parse(events[1]?.data ?? '')).toEqual(event)
    }),
    { numRuns: 1_000 },
  )
})

test('json gives back exactly the event, whatever its lines hold', () => {
  fc.assert(
    fc.property(fc.array(hostileText, { maxLength: 5 }), (text) => {
      const event: TailgateEvent = { type: 'lines', first: 1, start: 0, next: 99, text }
      const { events, retries } = parse(encoders.json.encode({ cursor, event }))
      expect(retries).toEqual([])
      expect(events).toHaveLength(1)
      expect(events[0]).toMatchObject({ id: formatCursor(cursor), event: 'lines' })
      expect(JSON.parse(events[0]?.data ?? '')).toEqual(event)
    }),
    { numRuns: 1_000 },
  )
})

test('a delivery is encoded once and its bytes are shared', () => {
  const delivery = { cursor, event: { type: 'tick', elapsedMs: 2_000 } } as const
  expect(encoders.text.encode(delivery)).toBe(encoders.text.encode(delivery))
  expect(encoders.json.encode(delivery)).toBe(encoders.json.encode(delivery))
})

test('a stream opens with the reconnect delay and an id', () => {
  const run = sampleRun({ id: 'r1', file: '/p/a.do' })
  expect(encoders.text.opening(run, null)).toBe('retry: 2000\n\nid: r1:0:0\ndata: Starting execution of a.do...\n\n')
  expect(encoders.json.opening(run, null)).toBe('retry: 2000\n\nid: r1:0:0\n\n')
})

test('a viewer that comes back is not told again that the run starts', () => {
  expect(encoders.text.opening(sampleRun({ id: 'r1' }), cursor)).toBe('retry: 2000\n\nid: r1:0:99\n\n')
})
