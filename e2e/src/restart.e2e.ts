import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { existing } from './harness/existing.ts'
import { createWorkspace, curl, processesUnder } from './harness/workspace.ts'
import { scriptedEngine } from './scripted-engine/scripted-engine.ts'

/** What a gateway that dies, and the next one on the same data directory, make of runs. */

test('a run whose gateway was killed goes on, and the next gateway ends it with its true outcome', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const goOn = join(workspace.root, 'go-on')
  await workspace.file(
    'long.do',
    `* engine: touch ${workspace.root}/started\n* engine: print before\n* engine: wait-for ${goOn}\n* engine: print after\n* engine: echo merge 1:1 id using b\n* engine: error 459 data have changed\n`,
  )
  const first = await workspace.start({ stata })
  const run = await createTailgateClient({ url: first.url }).runs.start({ file: 'long.do' })
  const pid = await existing(join(workspace.root, 'started'))
  await first.stop('SIGKILL')

  const second = await workspace.start({ stata })
  const client = createTailgateClient({ url: second.url })
  expect(await client.runs.get(run.id)).toMatchObject({ state: 'running', startedAt: expect.any(String) })
  await workspace.file('go-on', '')
  const lines: string[] = []
  for await (const { text } of client.runs.follow(run.id).lines()) lines.push(text)
  const { outcome, state } = await client.runs.get(run.id)
  expect(state).toBe('failed')
  expect(outcome).toMatchObject({
    reason: 'stata-error',
    rc: 459,
    message: 'data have changed',
    command: 'merge 1:1 id using b',
    exitCode: 0,
  })
  expect(lines.filter((line) => line === 'before' || line === 'after')).toEqual(['before', 'after'])
  // One engine, ever: had there been another, it would have left its own process id.
  expect(await existing(join(workspace.root, 'started'))).toBe(pid)
  const log = await readFile(join(workspace.dataDir, 'runs', run.id, 'run.log'))
  const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
  expect(hash(`${lines.join('\n')}\n`)).toBe(hash(log))
})

test('how far a run is, is known to the next gateway though its log stands still', async () => {
  await using workspace = await createWorkspace()
  await workspace.file('silent.do', 'display 1\ndisplay 2\nsleep 600000\ndisplay 3\n')
  const first = await workspace.start()
  const client = createTailgateClient({ url: first.url })
  const run = await client.runs.start({ file: 'silent.do' })
  const statement = async (from: typeof client) => (await from.runs.get(run.id)).progress.statement
  await expect.poll(() => statement(client)).toMatchObject({ current: 3 })
  const before = await statement(client)
  await first.stop('SIGTERM')

  const second = await workspace.start()
  const next = createTailgateClient({ url: second.url })
  await expect.poll(() => statement(next)).toEqual(before)
  await next.runs.cancel(run.id)
  expect(await next.runs.follow(run.id).result()).toMatchObject({ state: 'cancelled' })
})

test('a run that ended while no gateway was there gets the outcome it had', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const goOn = join(workspace.root, 'go-on')
  await workspace.file('long.do', `* engine: touch ${workspace.root}/started\n* engine: wait-for ${goOn}\n`)
  await workspace.file(
    'crash.do',
    `* engine: touch ${workspace.root}/up\n* engine: wait-for ${goOn}\n* engine: exit 3\n`,
  )
  const first = await workspace.start({ stata })
  const client = createTailgateClient({ url: first.url })
  const long = await client.runs.start({ file: 'long.do' })
  const crash = await client.runs.start({ file: 'crash.do' })
  await existing(join(workspace.root, 'started'))
  await existing(join(workspace.root, 'up'))
  await first.stop('SIGKILL')
  await workspace.file('go-on', '')
  await existing(join(workspace.dataDir, 'runs', long.id, 'engine-1.exit'))
  await existing(join(workspace.dataDir, 'runs', crash.id, 'engine-1.exit'))

  const second = await workspace.start({ stata })
  const next = createTailgateClient({ url: second.url })
  expect(await next.runs.follow(long.id).result()).toMatchObject({ state: 'succeeded', outcome: { exitCode: 0 } })
  expect(await next.runs.follow(crash.id).result()).toMatchObject({
    state: 'failed',
    outcome: { reason: 'exit-code', exitCode: 3 },
  })
})

test('queued runs stay queued in order, run keys stay known, and time-outs count from the start', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('first.do', `* engine: touch ${workspace.root}/started\n* engine: hang\n`)
  await workspace.file('next.do', '* engine: print-args\n')
  const args = ['--max-running', '1', '--kill-grace', '1']
  const gateway = await workspace.start({ stata, args })
  const client = createTailgateClient({ url: gateway.url })
  const first = await client.runs.start({ file: 'first.do', timeoutMs: 6_000 })
  await existing(join(workspace.root, 'started'))
  const waiting = []
  for (const arg of ['a', 'b', 'c']) {
    waiting.push(await client.runs.start({ file: 'next.do', args: [arg], runKey: `key-${arg}` }))
  }
  await gateway.stop('SIGKILL')

  const second = await workspace.start({ stata, args })
  const restartedAt = Date.now()
  const next = createTailgateClient({ url: second.url })
  const positions = await Promise.all(waiting.map(async ({ id }) => (await next.runs.get(id)).queuePosition))
  expect(positions).toEqual([1, 2, 3])
  expect((await next.runs.start({ file: 'next.do', args: ['b'], runKey: 'key-b' })).id).toBe(waiting[1]?.id)
  const { state, run } = await next.runs.follow(first.id).result()
  expect(state).toBe('timed-out')
  expect(run.elapsedMs).toBeGreaterThanOrEqual(6_000)
  // Had the time begun anew, the run would have had all of it after the restart.
  expect(run.elapsedMs - (restartedAt - Date.parse(run.startedAt ?? ''))).toBeLessThan(6_000)
  const ends = await Promise.all(waiting.map(({ id }) => next.runs.follow(id).result()))
  expect(ends.map((end) => end.state)).toEqual(['succeeded', 'succeeded', 'succeeded'])
  const started = ends.map((end) => end.run.startedAt ?? '')
  expect(started).toEqual(started.toSorted())
})

test('SIGTERM lets runs go on and sends clients to the next gateway', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const goOn = join(workspace.root, 'go-on')
  await workspace.file('long.do', `* engine: touch ${workspace.root}/started\n* engine: wait-for ${goOn}\n`)
  const first = await workspace.start({ stata })
  const port = new URL(first.url).port
  const client = createTailgateClient({ url: first.url })
  const run = await client.runs.start({ file: 'long.do' })
  const result = run.result()
  await existing(join(workspace.root, 'started'))
  expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  await workspace.start({ stata, args: ['--port', port] })
  await workspace.file('go-on', '')
  expect(await result).toMatchObject({ state: 'succeeded' })
})

test('--on-shutdown cancel stops the runs, before the eyes of their viewers', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('long.do', `* engine: touch ${workspace.root}/started\n* engine: hang\n`)
  const first = await workspace.start({ stata, args: ['--on-shutdown', 'cancel'] })
  const run = await createTailgateClient({ url: first.url }).runs.start({ file: 'long.do' })
  await existing(join(workspace.root, 'started'))
  const watched = curl(`${first.url}/runs/${run.id}/stream`)
  // Not before the stream is open.
  await expect.poll(() => curl(`${first.url}/metrics`)).toMatch(/^tailgate_open_streams\S* [1-9]/m)
  expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  expect(await watched).toContain('*** Execution cancelled')
  const second = await workspace.start({ stata })
  expect(await createTailgateClient({ url: second.url }).runs.get(run.id)).toMatchObject({ state: 'cancelled' })
})

test('a second gateway on the same data directory is refused and told of the first', async () => {
  await using workspace = await createWorkspace()
  const first = await workspace.start()
  const refused = await workspace.start().catch((error: unknown) => String(error))
  expect(refused).toContain(first.url)
  expect(refused).toContain(String(first.process.pid))
  expect(refused).toContain('--data-dir')
})

test('a run key is known again even when its do-file was deleted since', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const path = await workspace.file('once.do', '* engine: print once\n')
  const gateway = await workspace.start({ stata })
  const client = createTailgateClient({ url: gateway.url })
  const run = await client.runs.start({ file: 'once.do', runKey: 'k' })
  await run.result()
  await rm(path)
  expect((await client.runs.start({ file: 'once.do', runKey: 'k' })).id).toBe(run.id)
})

test('a run of whose launch no trace is left is lost, and not started again', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('long.do', `* engine: touch ${workspace.root}/started\n* engine: hang\n`)
  const first = await workspace.start({ stata })
  const run = await createTailgateClient({ url: first.url }).runs.start({ file: 'long.do' })
  const pid = Number(await existing(join(workspace.root, 'started')))
  await first.stop('SIGKILL')
  const runDir = join(workspace.dataDir, 'runs', run.id)
  for (const left of await processesUnder(runDir)) process.kill(left.pid, 'SIGKILL')
  process.kill(pid, 'SIGKILL')
  await rm(join(runDir, 'engine-1.pid'))
  await rm(join(workspace.root, 'started'))

  const second = await workspace.start({ stata })
  const { state, outcome } = await createTailgateClient({ url: second.url }).runs.follow(run.id).result()
  expect(state).toBe('lost')
  expect(outcome).toMatchObject({ reason: 'engine-vanished', message: expect.stringContaining('power') })
  await expect(readFile(join(workspace.root, 'started'))).rejects.toThrow('ENOENT')
})
