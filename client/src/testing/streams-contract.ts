import type { TailgateEvent } from '@tailgate/shared'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createGatewayAccess } from '../transports/gateway-access.ts'
import { createSseTransport } from '../transports/sse-transport.ts'
import { createTrpcTransport } from '../transports/trpc-transport.ts'
import { httpResponse } from './faulty-proxy.ts'
import { collect, startRig } from './rig.ts'
import { seed } from './seed.ts'

/** The most events that may be on their way to a consumer who takes none: socket buffers and the client's own. */
const MAX_AHEAD = 500

/** What the streams of a client do, whatever carries them. Run against each transport. */
export function describeStreams(transport: 'sse' | 'trpc'): void {
  describe(`streams over ${transport}`, () => {
    test('begin with the run, give every event in order, and end after end', async () => {
      await using rig = await startRig(transport)
      const run = rig.run()
      run.lines('Starting test...', '', 'ünïcødé ✓')
      run.tick(2000)
      const events: TailgateEvent[] = []
      for await (const event of rig.client().runs.follow(run.record.id).events()) {
        events.push(event)
        if (event.type === 'tick') run.partial('....')
        if (event.type === 'partial') run.lines('....', '')
        if (event.type === 'lines' && event.first === 4) run.end()
      }
      expect(events.map((event) => event.type)).toEqual(['run', 'lines', 'tick', 'partial', 'lines', 'end'])
      expect(events[1]).toEqual({
        type: 'lines',
        first: 1,
        start: 0,
        next: 34,
        text: ['Starting test...', '', 'ünïcødé ✓'],
      })
      expect(events.at(-1)).toEqual({ type: 'end', run: run.record })
    })

    test('give every viewer everything, whenever it joins', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      const run = rig.client().runs.follow(script.record.id)
      script.lines('one')
      const early = collect(run.lines())
      await rig.proxy.until(() => rig.proxy.open === 1)
      script.lines('two', 'three')
      script.end()
      const all = [
        { number: 1, text: 'one' },
        { number: 2, text: 'two' },
        { number: 3, text: 'three' },
      ]
      expect(await early).toEqual(all)
      expect(await collect(run.lines())).toEqual(all)
    })

    test('begin at the tail when asked to, and go on behind it once something came', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      for (const text of ['one', 'two', 'three']) script.lines(text)
      rig.proxy.faults.push({ type: 'cut', afterBytes: 0 })
      const events = rig.client().runs.follow(script.record.id, { tail: 1 }).events()
      const seen: string[][] = []
      for await (const event of events) {
        if (event.type !== 'lines') continue
        seen.push(event.text)
        break
      }
      script.lines('four')
      script.end()
      for await (const event of events) if (event.type === 'lines') seen.push(event.text)
      expect(seen).toEqual([['three'], ['four']])
    })

    test('count lines from 1 again after a reset', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.lines('old 1', 'old 2')
      script.reset()
      script.lines('new 1')
      script.end()
      const lines = await collect(rig.client().runs.follow(script.record.id).lines())
      expect(lines.map((line) => [line.number, line.text])).toEqual([
        [1, 'old 1'],
        [2, 'old 2'],
        [1, 'new 1'],
      ])
    })

    test('lose nothing and repeat nothing, wherever connections break', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      for (let line = 1; line <= 40; line += 2)
        script.lines(`line ${line}`, `line ${line + 1} ✓ ${'x'.repeat(line * 5)}`)
      script.end()
      const client = rig.client()
      const untouched = await collect(client.runs.follow(script.record.id).events())
      const cuts = fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 8 })
      const property = fc.asyncProperty(cuts, async (positions) => {
        rig.proxy.faults.length = 0
        rig.proxy.faults.push(...positions.map((afterBytes) => ({ type: 'cut', afterBytes }) as const))
        const events = await collect(client.runs.follow(script.record.id).events())
        // A connection opens with the Run record; all else comes exactly as it does without faults.
        const withoutRuns = (list: TailgateEvent[]) => list.filter((event) => event.type !== 'run')
        expect(withoutRuns(events)).toEqual(withoutRuns(untouched))
      })
      await fc.assert(property, { numRuns: 25, seed: seed(`cuts over ${transport}`) })
    })

    test('reconnect when the gateway falls silent', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.lines('one')
      script.end()
      rig.proxy.faults.push({ type: 'stall', afterBytes: 0 }, { type: 'stall', afterBytes: 300 })
      const run = rig.client({ stallAfterMs: 150 }).runs.follow(script.record.id)
      expect(await collect(run.lines())).toEqual([{ number: 1, text: 'one' }])
      expect(rig.proxy.requests.length).toBeGreaterThanOrEqual(3)
    })

    test('hear the heartbeat of a silent gateway, and wait on', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      const changes: string[] = []
      const options = { onConnection: (change: { type: string }) => changes.push(change.type) }
      const lines = rig.client({ stallAfterMs: 1000 }).runs.follow(script.record.id, options).lines()
      const all = collect(lines)
      // 70 heartbeats of 20 ms are more than the silence that would be too long.
      await rig.proxy.until(() => rig.proxy.chunks > 70)
      script.lines('one')
      script.end()
      expect(await all).toHaveLength(1)
      expect(changes).toEqual(['connecting', 'open'])
    })

    test('outlast refusals that pass, and tell what they wait for', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.lines('one')
      script.end()
      const busy = JSON.stringify({ error: { code: 'too-many-requests', message: 'Too many streams.' } })
      rig.proxy.faults.push(
        { type: 'answer', response: httpResponse('500 Internal Server Error') },
        {
          type: 'answer',
          response: httpResponse('502 Bad Gateway', { 'Content-Type': 'text/html' }, '<h1>nginx</h1>'),
        },
        { type: 'answer', response: httpResponse('429 Too Many Requests', { 'Retry-After': '0.01' }, busy) },
      )
      const told: unknown[] = []
      const events = rig
        .client()
        .runs.follow(script.record.id)
        .events({
          onConnection: (change) =>
            told.push(change.type === 'waiting' ? [change.error.code, change.delayMs >= 10] : change.type),
        })
      expect((await collect(events)).map((event) => event.type)).toEqual(['run', 'lines', 'end'])
      expect(told).toEqual([
        ...['connecting', ['internal', false]],
        ...['connecting', ['unavailable', false]],
        ...['connecting', ['too-many-requests', true]],
        ...['connecting', 'open'],
      ])
    })

    test('give up on refusals that stay', async () => {
      await using rig = await startRig(transport)
      const { runs } = rig.client()
      await expect(collect(runs.follow('nobody').events())).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no run nobody.',
      })
      const page = httpResponse('200 OK', { 'Content-Type': 'text/html' }, '<h1>Sign in</h1>')
      for (const [response, code] of [
        [httpResponse('400 Bad Request'), 'bad-request'],
        [httpResponse('401 Unauthorized'), 'unauthorized'],
        [httpResponse('403 Forbidden'), 'forbidden'],
        [httpResponse('409 Conflict'), 'conflict'],
        [httpResponse('410 Gone'), 'not-found'],
        [page, 'protocol'],
      ]) {
        if (response === undefined) continue
        rig.proxy.faults.push({ type: 'answer', response })
        await expect(collect(runs.follow(rig.run().record.id).events()), response).rejects.toMatchObject({ code })
      }
    })

    test('release their connection when the loop is left', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.lines('one', 'two')
      for await (const line of rig.client().runs.follow(script.record.id).lines()) {
        expect(line).toEqual({ number: 1, text: 'one' })
        expect(rig.proxy.open).toBe(1)
        break
      }
      await rig.proxy.until(() => rig.proxy.open === 0)
    })

    test('close a connection that is left, whatever becomes of its signal', async () => {
      await using rig = await startRig(transport)
      const access = createGatewayAccess({ url: rig.proxy.url })
      const { connect } = transport === 'sse' ? createSseTransport(access) : createTrpcTransport(access)
      for await (const item of connect(rig.run().record.id, null, new AbortController().signal)) {
        if (item.type === 'event') break
      }
      await rig.proxy.until(() => rig.proxy.open === 0)
    })

    test('release their connection and throw aborted when their signal is', async () => {
      await using rig = await startRig(transport)
      const abort = new AbortController()
      const events = rig.client().runs.follow(rig.run().record.id).events({ signal: abort.signal })
      const all = collect(events)
      await rig.proxy.until(() => rig.proxy.open === 1)
      abort.abort('enough')
      await expect(all).rejects.toMatchObject({ name: 'TailgateError', code: 'aborted', cause: 'enough' })
      await rig.proxy.until(() => rig.proxy.open === 0)
      await expect(collect(events)).rejects.toMatchObject({ code: 'aborted' })
    })

    test('throw aborted while they wait to reconnect', async () => {
      await using rig = await startRig(transport)
      const abort = new AbortController()
      rig.proxy.faults.push({ type: 'cut', afterBytes: 0 })
      const events = rig
        .client({ backOff: { firstMs: 1e9, longestMs: 1e9 } })
        .runs.follow(rig.run().record.id, { onConnection: ({ type }) => type === 'waiting' && abort.abort() })
        .events({ signal: abort.signal })
      await expect(collect(events)).rejects.toMatchObject({ code: 'aborted' })
    })

    test('go on at a cursor, in another loop or another process', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.lines('one')
      script.lines('two')
      script.end()
      const run = rig.client().runs.follow(script.record.id)
      const first = run.events()
      expect(first.cursor).toBeNull()
      for await (const event of first) if (event.type === 'lines') break
      const { cursor } = first
      expect((await collect(first)).map((event) => event.type)).toEqual(['run', 'lines', 'end'])
      expect(await collect(first)).toEqual([])
      const later = rig.client().runs.follow(script.record.id, { cursor })
      expect(await collect(later.lines())).toEqual([{ number: 2, text: 'two' }])
      expect(await collect(rig.client().runs.follow(script.record.id, { cursor: first.cursor }).events())).toEqual([])
    })

    test('read no further ahead of a slow consumer than a bounded number of events', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      const text = 'x'.repeat(32 * 1024)
      for (let count = 0; count < 2500; count++) script.lines(text)
      script.end()
      let taken = 0
      let ahead = 0
      let total = 0
      for await (const event of rig.client().runs.follow(script.record.id).events()) {
        // The gateway goes as far as it can before the consumer takes the next one.
        if (taken === 0) await settled(() => script.delivered)
        taken += 1
        ahead = Math.max(ahead, script.delivered - taken)
        if (event.type === 'lines') total += event.text.length
      }
      expect(total).toBe(2500)
      expect(ahead).toBeLessThan(MAX_AHEAD)
    })
  })
}

/** Resolves once a count has stood still for many turns of the event loop. */
async function settled(count: () => number): Promise<void> {
  for (let still = 0, last = count(); still < 500; still++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (count() !== last) still = 0
    last = count()
  }
}
