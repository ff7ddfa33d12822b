import { type FollowOptions, type Run, TailgateError, type TailgateEvent } from '@tailgate/client'
import { expect, test } from 'vitest'
import { sampleOutcome, sampleRun } from '../testing/sample-run.ts'
import { type FeedEvent, RunStream, type RunStreamDeps } from './run-stream.ts'

type Connection = { readonly cursor: string | null; readonly signal: AbortSignal; push(event: TailgateEvent): void }

const running = sampleRun()
const ended = sampleRun({
  state: 'succeeded',
  outcome: sampleOutcome({ reason: 'completed', rc: 0 }),
  elapsedMs: 9_000,
})
const lines = (first: number, ...text: string[]): TailgateEvent => ({ type: 'lines', first, start: 0, next: 0, text })

/** A tab, a gateway and other tabs, all in the test's hand. */
function stage({ visible = true, places = true } = {}) {
  const connections: Connection[] = []
  const asked: Run[] = []
  let record: Run | TailgateError = running
  const gates = { visible: gate(visible), hidden: gate(false), place: gate(places) }
  let delays: (() => void)[] = []
  let released = 0

  const deps: RunStreamDeps = {
    runs: {
      get: async () => {
        if (record instanceof TailgateError) throw record
        asked.push(record)
        return record
      },
      follow: () => ({
        id: running.id,
        lines: () => unused(),
        result: () => unused(),
        cancel: () => unused(),
        events: ({ cursor = null, signal = never, onConnection }: FollowOptions = {}) => {
          const queue = new Queue<TailgateEvent>(signal)
          let position = cursor ?? null
          connections.push({ cursor: position, signal, push: (event) => queue.push(event) })
          return {
            get cursor() {
              return position
            },
            async *[Symbol.asyncIterator]() {
              onConnection?.({ type: 'connecting' })
              let seen = 0
              for await (const event of queue) {
                if (seen++ === 0) onConnection?.({ type: 'open' })
                position = `c${connections.length}.${seen}`
                yield event
                if (event.type === 'end') return
              }
            },
          }
        },
      }),
    },
    places: {
      take: async (signal) => {
        await gates.place.open(signal)
        return () => {
          released += 1
        }
      },
    },
    visible: (signal) => gates.visible.open(signal),
    hidden: (signal) => gates.hidden.open(signal),
    delay: (_ms, signal) =>
      new Promise((resolve, reject) => {
        delays.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  }
  const stream = new RunStream(running.id, deps)
  const events: FeedEvent[] = []
  stream.onEvent((event) => events.push(event))
  const left = new AbortController()
  const done = stream.follow(left.signal)
  return {
    stream,
    events,
    connections,
    asked,
    gates,
    done,
    left,
    released: () => released,
    setRecord: (next: Run | TailgateError) => {
      record = next
    },
    /** What becomes of a value when all who wait for time to pass have waited long enough. */
    later: <T>(value: () => T) =>
      expect.poll(() => {
        const waiting = delays
        delays = []
        for (const resolve of waiting) resolve()
        return value()
      }),
    connection: async (count: number) => {
      await expect.poll(() => connections.length).toBe(count)
      const connection = connections[count - 1]
      if (connection === undefined) throw new Error('no connection')
      return connection
    },
    state: () => stream.state.get().connection.type,
  }
}

const never = new AbortController().signal

function unused(): never {
  throw new Error('not used here')
}

/** Something that is open or not; whoever comes waits until it is. */
function gate(isOpen: boolean) {
  let opened = Promise.withResolvers<void>()
  if (isOpen) opened.resolve()
  return {
    open: (signal: AbortSignal) =>
      Promise.race([
        opened.promise,
        new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      ]),
    set: (open: boolean) => {
      if (open) opened.resolve()
      else opened = Promise.withResolvers<void>()
    },
  }
}

class Queue<T> {
  readonly #items: T[] = []
  readonly #signal: AbortSignal
  #bell = Promise.withResolvers<void>()

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#bell.resolve())
  }

  push(item: T): void {
    this.#items.push(item)
    this.#bell.resolve()
    this.#bell = Promise.withResolvers<void>()
  }

  async *[Symbol.asyncIterator]() {
    while (true) {
      if (this.#signal.aborted) throw new TailgateError('aborted', 'The signal was aborted.')
      const item = this.#items.shift()
      if (item === undefined) await this.#bell.promise
      else yield item
    }
  }
}

test('a seen tab follows its run to the end, and tells every event', async () => {
  const { connection, stream, events, done, state, released } = stage()
  const { cursor, push } = await connection(1)
  expect(cursor).toBeNull()
  push({ type: 'run', run: running })
  await expect.poll(state).toBe('live')
  push(lines(1, 'a'))
  push({ type: 'end', run: ended })
  await done
  expect(events.map(({ type }) => type)).toEqual(['run', 'lines', 'end'])
  expect(stream.state.get()).toEqual({ run: ended, connection: { type: 'ended' } })
  expect(released()).toBe(1)
})

test('ticks move the time of the record, until the run has ended', async () => {
  const { connection, stream, done } = stage()
  const { push } = await connection(1)
  push({ type: 'run', run: running })
  push({ type: 'tick', elapsedMs: 4_000 })
  await expect.poll(() => stream.state.get().run?.elapsedMs).toBe(4_000)
  push({ type: 'end', run: ended })
  await done
  expect(stream.state.get().run?.elapsedMs).toBe(9_000)
})

test('a tab that is hidden gives its stream back, and goes on at its cursor when it is seen again', async () => {
  const { connection, gates, events, released, asked, later, done, stream } = stage()
  const first = await connection(1)
  first.push({ type: 'run', run: running })
  first.push(lines(1, 'a'))
  await expect.poll(() => events.length).toBe(2)
  gates.visible.set(false)
  gates.hidden.set(true)
  await expect.poll(() => first.signal.aborted).toBe(true)
  await expect.poll(released).toBe(1)
  // Meanwhile it asks for the record, so that the title tells the state.
  await later(() => asked.length).toBeGreaterThan(0)
  expect(stream.state.get().connection.type).toBe('hidden')
  gates.hidden.set(false)
  gates.visible.set(true)
  const second = await connection(2)
  expect(second.cursor).toBe('c1.2')
  second.push({ type: 'run', run: running })
  second.push(lines(2, 'b'))
  second.push({ type: 'end', run: ended })
  await done
  expect(events.filter(({ type }) => type === 'lines')).toEqual([lines(1, 'a'), lines(2, 'b')])
})

/** The record of a run whose log has so many lines. */
const grownTo = (lines: number) => sampleRun({ log: { bytes: lines, lines } })

test('a stream that comes back far behind the log goes on at its end, and says that it left lines out', async () => {
  const { connection, gates, events, done } = stage()
  const first = await connection(1)
  first.push({ type: 'run', run: grownTo(10) })
  first.push(lines(11, 'a'))
  await expect.poll(() => events.length).toBe(2)
  gates.visible.set(false)
  gates.hidden.set(true)
  await expect.poll(() => first.signal.aborted).toBe(true)
  gates.hidden.set(false)
  gates.visible.set(true)
  const second = await connection(2)
  expect(second.cursor).toBe('c1.2')
  second.push({ type: 'run', run: grownTo(5_000_000) })
  const third = await connection(3)
  expect(third.cursor).toBeNull()
  third.push({ type: 'run', run: grownTo(5_000_100) })
  third.push(lines(5_000_101, 'b'))
  third.push({ type: 'end', run: ended })
  await done
  expect(events.map(({ type }) => type)).toEqual(['run', 'lines', 'skipped', 'run', 'lines', 'end'])
})

test('a stream that is a little behind catches up line by line', async () => {
  const { connection, events, done, connections } = stage()
  const { push } = await connection(1)
  push({ type: 'run', run: grownTo(10) })
  push({ type: 'run', run: grownTo(20_000) })
  push(lines(11, ...Array.from({ length: 20_000 }, () => 'x')))
  push({ type: 'run', run: grownTo(40_000) })
  push({ type: 'reset', generation: 1, reason: 'replaced' })
  push({ type: 'run', run: grownTo(20_000) })
  push({ type: 'end', run: ended })
  await done
  expect(events.map(({ type }) => type)).not.toContain('skipped')
  expect(connections.length).toBe(1)
})

test('a hidden tab notices the end of its run', async () => {
  const { gates, later, setRecord, stream, connection, left, done } = stage({ visible: false })
  setRecord(ended)
  await later(() => stream.state.get().run?.state).toBe('succeeded')
  gates.visible.set(true)
  await connection(1)
  left.abort()
  await done
})

test('a tab without a place for its stream asks instead, and streams once there is one', async () => {
  const { gates, later, asked, state, connection, left, done } = stage({ places: false })
  await later(() => asked.length).toBeGreaterThan(1)
  expect(state()).toBe('polling')
  gates.place.set(true)
  const { push } = await connection(1)
  push({ type: 'run', run: running })
  await expect.poll(state).toBe('live')
  left.abort()
  await done
})

test('what the gateway answers meanwhile, or that it does not, is told', async () => {
  const { setRecord, later, state, left, done } = stage({ places: false })
  setRecord(new TailgateError('network', 'gone'))
  await later(() => state()).toBe('reconnecting')
  setRecord(running)
  await later(() => state()).toBe('polling')
  left.abort()
  await done
})

test('a listener that has left hears nothing more', async () => {
  const { connection, stream, done } = stage()
  const heard: string[] = []
  const leave = stream.onEvent(({ type }) => heard.push(type))
  const { push } = await connection(1)
  push({ type: 'run', run: running })
  await expect.poll(() => heard.length).toBe(1)
  leave()
  push({ type: 'end', run: ended })
  await done
  expect(heard).toEqual(['run'])
})
