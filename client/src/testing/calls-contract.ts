import { isEnded } from '@tailgate/shared'
import { describe, expect, test } from 'vitest'
import { collect, startRig } from './rig.ts'

/** What the calls of a client do, and what results are, whatever carries them. Run against each transport. */
export function describeCalls(transport: 'sse' | 'trpc'): void {
  describe(`calls over ${transport}`, () => {
    test('start, watch, cancel and forget a run', async () => {
      await using rig = await startRig(transport)
      const { runs } = rig.client()
      const run = await runs.start({ file: '/p/main.do', args: ['a b', 'ü'], timeoutMs: 1500 })
      expect(run.record).toMatchObject({ id: run.id, args: ['a b', 'ü'], timeoutMs: 1500, state: 'running' })
      expect(await runs.get(run.id)).toEqual(run.record)
      expect((await runs.list({ state: ['running', 'queued'], limit: 1 })).runs).toEqual([run.record])
      expect((await runs.list({ state: ['failed'] })).runs).toEqual([])
      expect((await run.cancel()).state).toBe('cancelled')
      await runs.remove(run.id)
      expect(await runs.list()).toEqual({ runs: [], next: null })
    })

    test('read the log by page, by mark, by search, and its artifacts', async () => {
      await using rig = await startRig(transport)
      const { runs } = rig.client()
      const { id } = rig.run().record
      expect((await runs.lines({ runId: id, from: 7, count: 2 })).lines.map((line) => line.number)).toEqual([7, 8])
      expect((await runs.marks({ runId: id, kind: 'error', from: 9, limit: 1, direction: 'backward' })).marks).toEqual([
        { number: 9, lines: 2, text: 'error backward' },
      ])
      expect((await runs.search({ runId: id, q: 'r(111); & more', from: 3 })).matches).toEqual([
        { number: 3, text: 'has r(111); & more' },
      ])
      expect((await runs.artifacts(id)).map((artifact) => artifact.name)).toEqual(['fig.png'])
    })

    test('look around, and read do-files', async () => {
      await using rig = await startRig(transport)
      const { files, runs } = rig.client()
      const { id } = rig.run().record
      expect(await files.list()).toMatchObject({ path: null, entries: [] })
      expect((await files.list({ path: '/p' })).entries.map(({ kind, name }) => [kind, name])).toEqual([
        ['do-file', 'main.do'],
      ])
      expect(await files.read({ path: '/p/ü & b.do' })).toMatchObject({ path: '/p/ü & b.do', text: 'display 1\n' })
      expect(await runs.source(id)).toMatchObject({ path: '/p/main.do', truncated: false })
      expect(await runs.rate(id)).toEqual({ samples: [{ elapsedMs: 2000, lines: 10 }] })
      await expect(files.read({ path: '/etc/passwd' })).rejects.toMatchObject({
        code: 'forbidden',
        details: { parameter: 'path' },
      })
    })

    test('sign in with a token, or are told that it is wrong', async () => {
      await using rig = await startRig(transport)
      const client = rig.client()
      expect(await client.login({ token: 'secret' })).toEqual({ name: 'ada', role: 'run' })
      await expect(client.login({ code: 'guess' })).rejects.toMatchObject({ code: 'unauthorized' })
      expect(await client.whoAmI()).toEqual({ name: 'ada', role: 'run' })
      await client.logout()
    })

    test('know where logs and artifacts are to be had', async () => {
      await using rig = await startRig(transport)
      const { runs } = rig.client()
      expect(runs.logUrl('a/b')).toBe(`${rig.proxy.url}/runs/a%2Fb/log`)
      expect(runs.artifactUrl('01A', 3)).toBe(`${rig.proxy.url}/runs/01A/artifacts/3`)
    })

    test('tell about the engine and the gateway', async () => {
      await using rig = await startRig(transport)
      expect(await rig.client().engine.info()).toEqual(rig.gateway.engineInfo())
      expect(await rig.client().health()).toEqual(rig.gateway.health())
    })

    test('reject with the code and words of the gateway', async () => {
      await using rig = await startRig(transport)
      const { runs } = rig.client()
      await expect(runs.start({ file: '/p/missing.do' })).rejects.toMatchObject({
        name: 'TailgateError',
        code: 'not-found',
        message: 'There is no do-file /p/missing.do.',
        details: { parameter: 'file' },
      })
      await expect(runs.get('nobody')).rejects.toMatchObject({ code: 'not-found' })
      await expect(runs.remove(rig.run().record.id)).rejects.toMatchObject({ code: 'conflict' })
    })

    test('carry the token, and reject without one', async () => {
      await using rig = await startRig(transport, { token: 'secret' })
      const { id } = rig.run().record
      let asked = 0
      const token = async () => (++asked > 0 ? 'secret' : '')
      expect((await rig.client({ token: 'secret' }).runs.get(id)).id).toBe(id)
      expect((await rig.client({ token }).runs.get(id)).id).toBe(id)
      expect(asked).toBe(1)
      await expect(rig.client().runs.get(id)).rejects.toMatchObject({ code: 'unauthorized' })
      await expect(collect(rig.client().runs.follow(id).events())).rejects.toMatchObject({ code: 'unauthorized' })
    })

    test('reject when no token can be had, and wait for none after an abort', async () => {
      await using rig = await startRig(transport)
      const { id } = rig.run().record
      const failing = rig.client({ token: () => Promise.reject(new Error('signed out')) })
      const refused = { code: 'unauthorized', message: expect.stringContaining('signed out') }
      await expect(failing.runs.get(id)).rejects.toMatchObject(refused)
      await expect(collect(failing.runs.follow(id).events())).rejects.toMatchObject(refused)
      const abort = new AbortController()
      const asked = Promise.withResolvers<void>()
      const token = () => {
        asked.resolve()
        return new Promise<string>(() => undefined)
      }
      const never = rig.client({ token })
      const events = collect(never.runs.follow(id).events({ signal: abort.signal }))
      await asked.promise
      abort.abort()
      await expect(events).rejects.toMatchObject({ code: 'aborted' })
    })

    test('reject with network when nobody listens', async () => {
      const rig = await startRig(transport)
      const { runs, health } = rig.client()
      await rig[Symbol.asyncDispose]()
      await expect(runs.list()).rejects.toMatchObject({
        code: 'network',
        message: expect.stringContaining('ECONNREFUSED'),
      })
      await expect(health()).rejects.toMatchObject({ code: 'network' })
    })

    test('reject with aborted when their signal is', async () => {
      await using rig = await startRig(transport)
      const abort = new AbortController()
      const { runs } = rig.client({
        // Never answers; only the signal ends it.
        fetch: async (_url, { signal }) => {
          if (signal?.aborted === false) await new Promise((resolve) => signal.addEventListener('abort', resolve))
          throw signal?.reason
        },
      })
      const listing = runs.list({}, { signal: abort.signal })
      abort.abort('enough')
      await expect(listing).rejects.toMatchObject({ code: 'aborted', cause: 'enough' })
      await expect(runs.list({}, { signal: abort.signal })).rejects.toMatchObject({ code: 'aborted' })
    })

    test('reject with protocol when something else than a gateway answers', async () => {
      await using rig = await startRig(transport)
      const { runs } = rig.client({ fetch: async () => Response.json({ result: { data: { hello: 'world' } } }) })
      await expect(runs.get('run-1')).rejects.toMatchObject({ code: 'protocol' })
    })
  })

  describe(`results over ${transport}`, () => {
    test('come when the run has ended, as data even when it failed', async () => {
      await using rig = await startRig(transport)
      const run = await rig.client().runs.start({ file: '/p/main.do' })
      const pending = run.result()
      await rig.proxy.until(() => rig.proxy.open === 1)
      rig.gateway.find(run.id).lines('variable bad_var not found', 'r(111);')
      const failed = {
        reason: 'stata-error',
        rc: 111,
        message: 'bad_var not found',
        command: null,
        line: null,
      } as const
      rig.gateway.find(run.id).end({ state: 'failed', outcome: { ...failed, exitCode: 0, signal: null } })
      const { state, outcome, run: record } = await pending
      expect(state).toBe('failed')
      expect(outcome.rc).toBe(111)
      expect(isEnded(record.state)).toBe(true)
    })

    test('of a watched run need no further stream', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.end()
      const run = rig.client().runs.follow(script.record.id)
      await collect(run.events())
      expect((await run.result()).state).toBe('succeeded')
      expect(rig.proxy.requests).toHaveLength(1)
    })

    test('are known even from behind the end of the stream', async () => {
      await using rig = await startRig(transport)
      const script = rig.run()
      script.end()
      const events = rig.client().runs.follow(script.record.id).events()
      await collect(events)
      const late = rig.client().runs.follow(script.record.id, { cursor: events.cursor })
      expect((await late.result()).outcome.reason).toBe('completed')
    })
  })
}
