import { execFileSync } from 'node:child_process'
import { constants, existsSync, readdirSync } from 'node:fs'
import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { DoFileOutline } from '../stata/log/do-file-outline.ts'
import { sampleStoredRun } from '../store/testing/sample-stored-run.ts'
import { COME_BACK_AFTER_RESTART_MS } from './run-viewers.ts'
import { CountedTimers } from './testing/counted-timers.ts'
import { FakeTimers } from './testing/fake-timers.ts'
import { GatewayRig } from './testing/gateway-rig.ts'

/** A log of a do-file that ran to its end. */
const COMPLETE_LOG = '. do main.do\n\n. display 1\n1\n\n. \nend of do-file\n'

test('a run goes from its start to its outcome', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const { id } = await rig.run()
  await rig.state(id, 'running')
  await rig.executor.engine(id).write(COMPLETE_LOG)
  rig.executor.engine(id).end()
  expect(await rig.state(id, 'succeeded')).toMatchObject({ outcome: { reason: 'completed', rc: 0 } })
})

test('starts that come at the same time do not queue more than may wait', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ maxRunning: 1, maxQueued: 2 })
  const starts = await Promise.allSettled(Array.from({ length: 8 }, () => rig.run()))
  expect(starts.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  expect(rig.service.status()).toMatchObject({ running: 1, queued: 2 })
})

test('starts with one run key at the same time are one run', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const runs = await Promise.all(Array.from({ length: 8 }, () => rig.run({ runKey: 'once' })))
  expect(new Set(runs.map(({ id }) => id)).size).toBe(1)
  expect(rig.executor.engines.size).toBe(1)
})

test('a run that need not wait is stored once before it is launched, and one that must is stored as waiting', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ maxRunning: 1 })
  const saved = vi.spyOn(rig.store, 'save')
  const launched: unknown[] = []
  rig.executor.beforeLaunch = async ({ runId }) => {
    launched.push(rig.stored(runId).state)
  }
  const { state } = await rig.run()
  expect([state, saved.mock.calls.map(([run]) => run.state)]).toEqual(['starting', ['starting']])
  expect(await rig.run()).toMatchObject({ state: 'queued', queuePosition: 1 })
  await vi.waitFor(() => expect(launched).toEqual(['starting']))
  expect(rig.executor.engines.size).toBe(1)
})

test('a run that cannot be stored is refused, is not launched, and takes no place', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ maxRunning: 1 })
  vi.spyOn(rig.store, 'save').mockImplementationOnce(() => {
    throw new Error('disk I/O error')
  })
  await expect(rig.run()).rejects.toThrow(/could not be set up .*disk I\/O error.*nothing was started/)
  expect(rig.service.status()).toMatchObject({ running: 0, queued: 0 })
  expect(readdirSync(join(rig.dataDir, 'runs'))).toEqual([])
  const { id } = await rig.run()
  await rig.state(id, 'running')
  expect([...rig.executor.engines.keys()]).toEqual([id])
})

test('the page after another begins behind it, and what is no page is refused', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const [older, newer] = [await rig.run(), await rig.run()]
  const first = rig.service.list({ limit: 1 })
  expect(first).toMatchObject({ ok: true, value: { runs: [{ id: newer.id }], next: newer.id } })
  expect(rig.service.list({ limit: 1, cursor: newer.id })).toMatchObject({
    ok: true,
    value: { runs: [{ id: older.id }], next: null },
  })
  expect(rig.service.list({ cursor: 'page-2' })).toMatchObject({
    ok: false,
    error: { code: 'bad-request', details: { parameter: 'cursor' } },
  })
})

test('a launch that breaks down ends its run and gives its place to the next', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ maxRunning: 1 })
  rig.executor.beforeLaunch = () => Promise.reject(new Error('no more processes'))
  const { id } = await rig.run()
  const { outcome } = await rig.state(id, 'failed')
  expect(outcome).toMatchObject({ reason: 'launch-failed', message: expect.stringContaining('no more processes') })
  rig.executor.beforeLaunch = () => Promise.resolve()
  await rig.state((await rig.run()).id, 'running')
})

test('a do-file whose copy hangs keeps nobody from following its run', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ keepSource: () => new Promise(() => {}) })
  const { id } = await rig.run()
  await rig.state(id, 'running')
  await rig.executor.engine(id).write(COMPLETE_LOG)
  rig.executor.engine(id).end()
  await rig.state(id, 'succeeded')
})

test('what a do-file held is not made known once its log is being read', async () => {
  const rig = await GatewayRig.create()
  const copied = Promise.withResolvers<DoFileOutline | null>()
  await rig.start({ keepSource: () => copied.promise })
  const { id } = await rig.run()
  await rig.state(id, 'running')
  await rig.executor.engine(id).write('. do main.do\n\n. nonsense\ncommand nonsense is unrecognized\n')
  await vi.waitFor(() => expect(rig.service.get(id)?.log.lines).toBe(4), { timeout: 10_000 })
  copied.resolve({ statements: [] })
  await copied.promise
  // Read by a parser made anew, it would be an error of no command.
  await rig.executor.engine(id).write('r(199);\n\nend of do-file\nr(199);\n')
  rig.executor.engine(id).end()
  expect(await rig.state(id, 'failed')).toMatchObject({ outcome: { rc: 199, command: 'nonsense' } })
})

test.each([false, true])(
  'a launch of which nobody knows whether it worked is lost (cancelled meanwhile: %s)',
  async (isCancelled) => {
    const rig = await GatewayRig.create()
    await rig.start({ maxRunning: 1 })
    const launching = Promise.withResolvers<void>()
    const broken = Promise.withResolvers<void>()
    rig.executor.beforeLaunch = () => {
      launching.resolve()
      return broken.promise
    }
    rig.executor.beforeAdopt = () => Promise.reject(new Error('its claim cannot be read'))
    const { id } = await rig.run()
    await launching.promise
    if (isCancelled) await rig.service.cancel(id, { name: null })
    broken.reject(new Error('EIO'))
    const { outcome } = await rig.state(id, 'lost')
    expect(outcome?.reason).toBe('engine-vanished')
    expect(outcome?.message).toMatch(/not known: its claim cannot be read\. .*TAILGATE_RUN_ID=/)
    // Its place is free.
    rig.executor.beforeLaunch = () => Promise.resolve()
    await rig.state((await rig.run()).id, 'running')
  },
)

test('a cancel that comes while the engine is launched gives the launch up', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const launching = Promise.withResolvers<void>()
  rig.executor.beforeLaunch = (_, givenUp) =>
    new Promise((_resolve, reject) => {
      launching.resolve()
      givenUp?.addEventListener('abort', () => reject(new Error('given up')))
    })
  const { id } = await rig.run()
  await launching.promise
  await rig.service.cancel(id, { name: null })
  const { outcome, startedAt } = await rig.state(id, 'cancelled')
  expect([outcome?.message, startedAt]).toEqual(['It was cancelled before it started.', null])
  expect(rig.executor.engines.size).toBe(0)
})

test('a cancel that comes too late to give the launch up stops the engine as soon as it is there', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const [launching, started] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  rig.executor.beforeLaunch = () => {
    launching.resolve()
    return started.promise
  }
  const { id } = await rig.run()
  await launching.promise
  await rig.service.cancel(id, { name: null })
  expect(rig.service.get(id)?.state).toBe('cancelling')
  started.resolve()
  await rig.state(id, 'cancelled')
  expect(rig.executor.engine(id).asked).toContain('terminate')
})

test('a restarted gateway counts all engines that go on before it starts another', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ maxRunning: 3 })
  const [unlaunched, ended, running] = [await rig.run(), await rig.run(), await rig.run()]
  for (const { id } of [unlaunched, ended, running]) await rig.state(id, 'running')
  await rig.close()

  // The first gateway died before the one engine was up, and the other has ended meanwhile; fewer may run now.
  rig.executor.engines.delete(unlaunched.id)
  await rig.executor.engine(ended.id).write(COMPLETE_LOG)
  rig.executor.engine(ended.id).end()
  rig.wire({ maxRunning: 1 })
  rig.store.save({ ...rig.stored(unlaunched.id), state: 'starting', startedAt: null })
  rig.executor.beforeAdopt = async ({ runId }) => {
    if (runId === running.id) await rig.state(ended.id, 'succeeded')
  }
  await rig.service.recover()
  expect(rig.service.status()).toMatchObject({ running: 1, queued: 1 })
  expect(rig.service.get(unlaunched.id)?.state).toBe('queued')
})

test('after a restart a run is cancelled if nobody comes back to it and its starter asked for that', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const [watched, left, other] = [
    await rig.run({ cancelOnDisconnect: true }),
    await rig.run({ cancelOnDisconnect: true }),
    await rig.run(),
  ]
  for (const { id } of [watched, left, other]) await rig.state(id, 'running')
  await rig.close()
  const timers = new FakeTimers(Date.now())
  await rig.start({ timers })
  const watching = rig.follow(watched.id)[Symbol.asyncIterator]()
  await watching.next()
  timers.advance(COME_BACK_AFTER_RESTART_MS)
  await rig.state(left.id, 'cancelled')
  for (const { id } of [watched, other]) expect(rig.service.get(id)?.state).toBe('running')
  await watching.return?.(undefined)
})

test('a run that cannot be judged after a restart is lost, and keeps no other from being taken up', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const [unclear, running] = [await rig.run(), await rig.run()]
  for (const { id } of [unclear, running]) await rig.state(id, 'running')
  await rig.close()
  rig.executor.beforeAdopt = ({ runId }) =>
    runId === unclear.id ? Promise.reject(new Error('its claim cannot be read')) : Promise.resolve()
  await rig.start()
  const { outcome } = await rig.state(unclear.id, 'lost')
  expect(outcome?.message).toContain('its claim cannot be read')
  expect(outcome?.message).toContain(`TAILGATE_RUN_ID=${unclear.id}`)
  await rig.state(running.id, 'running')
  expect(rig.service.status()).toMatchObject({ running: 1, queued: 0 })
  // It is over for good, although its directory can be read again.
  rig.executor.beforeAdopt = () => Promise.resolve()
  await rig.close()
  await rig.start()
  await rig.state(unclear.id, 'lost')
  expect(rig.executor.engines.size).toBe(2)
})

test('a queued run whose directory cannot be used after a restart fails, and the others keep their places', async () => {
  const rig = await GatewayRig.create()
  await rig.start({ maxRunning: 1 })
  const [running, unusable, waiting] = [await rig.run(), await rig.run(), await rig.run()]
  await rig.state(running.id, 'running')
  await rig.close()
  const runDir = join(rig.dataDir, 'runs', unusable.id)
  await rm(runDir, { recursive: true })
  await writeFile(runDir, 'no directory')
  await rig.start({ maxRunning: 1 })
  const { outcome } = await rig.state(unusable.id, 'failed')
  expect(outcome).toMatchObject({ reason: 'launch-failed', message: expect.stringContaining('was not started') })
  expect(rig.service.get(waiting.id)).toMatchObject({ state: 'queued', queuePosition: 1 })
})

test('a cancel is not lost when the gateway dies while it takes up what was not launched', async () => {
  const rig = await GatewayRig.create()
  rig.wire()
  const { id } = sampleStoredRun()
  // As it is stored between queueing it again and cancelling it.
  rig.store.save(sampleStoredRun({ state: 'queued', intent: 'cancelled', attempt: 2 }))
  await rig.service.recover()
  await rig.state(id, 'cancelled')
  expect(rig.executor.engines.size).toBe(0)
})

test('that a log began anew is stored before anyone is told', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const { id } = await rig.run()
  await rig.state(id, 'running')
  const engine = rig.executor.engine(id)
  await engine.write('old\n')
  const told: (number | undefined)[] = []
  for await (const { event } of rig.follow(id)) {
    if (event.type === 'lines') await engine.rewrite('new log\n')
    if (event.type !== 'reset') continue
    told.push(event.generation, rig.store.get(id)?.generation)
    break
  }
  expect(told).toEqual([1, 1])
})

/** A run that has ended, with so many lines in its log. */
async function endedRun(rig: GatewayRig, lines: number): Promise<string> {
  const { id } = await rig.run()
  await rig.state(id, 'running')
  await rig.executor.engine(id).write(`${'x'.repeat(99)}\n`.repeat(lines) + COMPLETE_LOG)
  rig.executor.engine(id).end()
  await rig.state(id, 'succeeded')
  return id
}

test('a viewer of a run that is deleted is let go, and not told that it has seen the end', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const id = await endedRun(rig, 20_000)
  const seen: string[] = []
  for await (const { event } of rig.follow(id)) {
    seen.push(event.type)
    if (event.type === 'lines') await rig.service.remove(id, { name: null })
  }
  expect(seen).toEqual(['run', 'lines'])
})

test('who asks for a run while it is deleted does not bring its directory back', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const id = await endedRun(rig, 10)
  await rig.close()
  await rig.start()
  const removed = rig.service.remove(id, { name: null })
  const followed = await rig.service.follow(id, null, new AbortController().signal)
  expect(followed).toMatchObject({ ok: false, error: { code: 'not-found' } })
  expect(await removed).toEqual({ ok: true, value: undefined })
  expect(existsSync(join(rig.dataDir, 'runs', id))).toBe(false)
  expect(rig.service.get(id)).toBeUndefined()
})

test('a run that ended while no gateway was there lasted until its end, and was not stopped by its time', async () => {
  const rig = await GatewayRig.create()
  await rig.start()
  const { id } = await rig.run({ timeoutMs: 60_000 })
  await rig.state(id, 'running')
  await rig.close()
  const engine = rig.executor.engine(id)
  engine.startedAt = Date.now() - 3_600_000
  const endOfRun = engine.startedAt + 5_000
  // As the times of files are.
  engine.endedAt = endOfRun + 0.25
  engine.end({ type: 'exited', exitCode: 3 })

  rig.wire()
  rig.store.save({ ...rig.stored(id), startedAt: engine.startedAt })
  await rig.service.recover()
  const { outcome, elapsedMs, endedAt } = await rig.state(id, 'failed')
  expect({ reason: outcome?.reason, elapsedMs, endedAt }).toEqual({
    reason: 'no-log',
    elapsedMs: 5_000,
    endedAt: new Date(endOfRun).toISOString(),
  })
  expect(rig.stored(id)).toMatchObject({ state: 'failed', endedAt: endOfRun, elapsedMs: 5_000 })
})

test('a gateway that closes while a run is judged waits until the outcome is stored', async () => {
  const rig = await GatewayRig.create()
  const timers = new CountedTimers()
  await rig.start({ timers })
  const { id } = await rig.run()
  await rig.state(id, 'running')
  await rig.executor.engine(id).write(COMPLETE_LOG)
  // The console is read when a run is judged, and a pipe cannot be opened for writing before somebody reads it.
  const console = join(rig.dataDir, 'runs', id, 'console.txt')
  execFileSync('mkfifo', [console])
  rig.executor.engine(id).end()
  const judging = await vi.waitFor(() => open(console, constants.O_WRONLY | constants.O_NONBLOCK), { interval: 1 })
  await judging.close()
  await rig.close()
  // One that waits would try for ever to store the run in a store that is closed.
  expect(timers.waiting).toBe(0)
  rig.wire()
  expect(rig.stored(id)).toMatchObject({ state: 'succeeded', outcome: { reason: 'completed' } })
})
