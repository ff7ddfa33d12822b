import { TailgateError, type TailgateEvent } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { type ConnectionChange, type RetryPolicy, resumingStream } from './resuming-stream.ts'
import { ManualTimers } from './testing/manual-timers.ts'
import { collect } from './testing/rig.ts'
import { ScriptedGateway } from './testing/scripted-gateway.ts'
import type { StreamItem, StreamStart, Transport } from './transports/transport.ts'

const STALL_MS = 1_000_000
const record = new ScriptedGateway().start({ file: '/p/main.do' }).record
const opening: TailgateEvent = { type: 'run', run: record }
const end: TailgateEvent = { type: 'end', run: record }
const tick: TailgateEvent = { type: 'tick', elapsedMs: 2000 }
const item = (event: TailgateEvent, cursor: string): StreamItem => ({ type: 'event', cursor, event })

/** What a connection does: the items it yields, then a failure, silence, or its end. */
type Script = readonly (StreamItem | Error | 'silence')[]

/** A stream over scripted connections, whose clock the test holds. */
function scripted(connections: readonly Script[], policy: Partial<RetryPolicy> = {}) {
  const timers = new ManualTimers()
  const cursors: StreamStart[] = []
  const changes: ConnectionChange[] = []
  const scripts = connections.values()
  const connect: Transport['connect'] = async function* (_runId, cursor, signal) {
    cursors.push(cursor)
    for (const step of scripts.next().value ?? []) {
      if (step instanceof Error) throw step
      if (step !== 'silence') yield step
      else if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve))
      signal.throwIfAborted()
    }
  }
  const options = { connect, runId: record.id, start: null, signal: undefined }
  const stream = resumingStream(
    { ...options, onConnection: (change) => changes.push(change) },
    {
      backOff: {},
      stallAfterMs: STALL_MS,
      random: () => 0,
      startTimer: timers.start,
      onWakeUp: () => () => undefined,
      ...policy,
    },
  )
  const backOff = () => timers.of((delayMs) => delayMs < STALL_MS)
  return { stream, timers, cursors, changes, backOff }
}

test('a lost connection is resumed at the cursor of the last event taken', async () => {
  const network = new TailgateError('network', 'gone')
  const { stream, cursors, backOff } = scripted([
    [item(opening, 'c0'), item(tick, 'c1'), network],
    [],
    [item(opening, 'c1'), item(end, 'c2')],
  ])
  const all = collect(stream)
  ;(await backOff()).fire()
  await expect.poll(() => cursors.length).toBe(2)
  ;(await backOff()).fire()
  expect((await all).map(({ event }) => event.type)).toEqual(['run', 'tick', 'run', 'end'])
  expect(cursors).toEqual([null, 'c1', 'c1'])
})

test('waits double while nothing but the opening record comes, and begin anew after progress', async () => {
  const opened: Script = [item(opening, 'c0')]
  const progress: Script = [item(opening, 'c0'), item(tick, 'c0')]
  const { stream, changes, backOff } = scripted([opened, opened, [], progress, [], [item(end, 'c1')]])
  const all = collect(stream)
  for (let waits = 0; waits < 5; waits++) {
    const timer = await backOff()
    timer.fire()
    await expect.poll(() => changes.filter(({ type }) => type === 'connecting').length).toBe(waits + 2)
  }
  await all
  const waits = changes.flatMap((change) => (change.type === 'waiting' ? [change.delayMs] : []))
  expect(waits).toEqual([100, 200, 400, 100, 200])
})

test('silence is measured from the last sign of life, and ends the connection', async () => {
  const { stream, timers, cursors, changes, backOff } = scripted([
    [{ type: 'alive' }, item(opening, 'c0'), { type: 'alive' }, 'silence'],
    [item(end, 'c1')],
  ])
  const first = await stream.next()
  expect(first.value?.event.type).toBe('run')
  // While the consumer has the event, the gateway's silence is not its fault: no timer runs.
  expect(timers.running).toHaveLength(0)
  const next = stream.next()
  // Once for the connection, and again after each of the three items.
  await expect.poll(() => timers.started).toBe(4)
  ;(await timers.of((delayMs) => delayMs === STALL_MS)).fire()
  ;(await backOff()).fire()
  expect((await next).value?.event.type).toBe('end')
  expect(cursors).toEqual([null, 'c0'])
  expect(changes.find((change) => change.type === 'waiting')?.error.message).toBe(
    'The gateway has been silent for 1000 s.',
  )
  await stream.return(undefined)
  expect(timers.running).toHaveLength(0)
})

test('a wait is cut short when the platform wakes up', async () => {
  let wake: () => void = () => undefined
  let listening = 0
  const onWakeUp = (listener: () => void) => {
    wake = listener
    listening += 1
    return () => {
      listening -= 1
    }
  }
  const { stream, backOff, timers } = scripted([[], [item(end, 'c1')]], { onWakeUp })
  const all = collect(stream)
  await backOff()
  wake()
  expect(await all).toHaveLength(1)
  expect(listening).toBe(0)
  expect(timers.running).toHaveLength(0)
})

test('a refusal that asks for patience gets it', async () => {
  const busy = new TailgateError('too-many-requests', 'Too many streams.', { details: { retryAfterMs: 7000 } })
  const { stream, backOff } = scripted([[busy], [item(end, 'c1')]])
  const all = collect(stream)
  const timer = await backOff()
  expect(timer.delayMs).toBe(7000)
  timer.fire()
  await all
})

test('nothing follows a done, and it is no failure', async () => {
  const { stream } = scripted([[{ type: 'done' }]])
  expect(await collect(stream)).toEqual([])
})

test('what is neither a refusal nor a lost connection is our bug, and is not tried again', async () => {
  const { stream, cursors } = scripted([[new TypeError('Internal error: oops')]])
  await expect(collect(stream)).rejects.toThrow('Internal error: oops')
  expect(cursors).toHaveLength(1)
})
