import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient, type Outcome, type RunState, type TailgateClient } from '@tailgate/client'
import { outcomeReasonSchema, runStateSchema } from '@tailgate/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { existing } from './harness/existing.ts'
import { createWorkspace, isRunning, processesUnder, type Workspace } from './harness/workspace.ts'
import { scriptedEngine } from './scripted-engine/scripted-engine.ts'

/** Every way a run can end, brought about on purpose, through the whole gateway. */

let workspace: Workspace
let client: TailgateClient
let engine: string

/** The reasons and states that were seen, to check at the end that none was left out. */
const seen = { reasons: new Set<string>(), states: new Set<string>() }

beforeAll(async () => {
  workspace = await createWorkspace()
  engine = await scriptedEngine(workspace.root)
  const gateway = await workspace.start({ stata: engine, args: ['--kill-grace', '1', '--max-running', '4'] })
  client = createTailgateClient({ url: gateway.url })
})
afterAll(() => workspace[Symbol.asyncDispose]())

type End = { readonly state: RunState; readonly outcome: Outcome }

function note({ state, outcome }: { state: RunState; outcome: Outcome | null }): End {
  if (outcome === null) throw new Error('an ended run has no outcome')
  seen.states.add(state)
  seen.reasons.add(outcome.reason)
  return { state, outcome }
}

let count = 0
async function start(directives: readonly string[], timeoutMs?: number) {
  const name = `outcome-${++count}.do`
  await workspace.file(name, directives.map((directive) => `* engine: ${directive}\n`).join(''))
  return await client.runs.start({ file: name, ...(timeoutMs === undefined ? {} : { timeoutMs }) })
}

async function end(directives: readonly string[], timeoutMs?: number): Promise<End> {
  const run = await start(directives, timeoutMs)
  return note(await run.result())
}

describe('the engine ends by itself', () => {
  test('with the end of the do-file: succeeded', async () => {
    expect(await end(['print all done'])).toMatchObject({
      state: 'succeeded',
      outcome: { reason: 'completed', rc: 0, message: null, exitCode: 0, signal: null },
    })
  })

  test('with an error, and status 0 as Stata has it: failed, with the log’s own words', async () => {
    expect(await end(['echo use missing.dta', 'error 601 file missing.dta not found'])).toMatchObject({
      state: 'failed',
      outcome: {
        reason: 'stata-error',
        rc: 601,
        message: 'file missing.dta not found',
        command: 'use missing.dta',
        exitCode: 0,
      },
    })
  })

  test('with status 0 and a log that just stops: failed, not succeeded', async () => {
    expect(await end(['echo regress y x', 'print half a table', 'exit 0'])).toMatchObject({
      state: 'failed',
      outcome: { reason: 'no-end-marker', rc: null, exitCode: 0, message: expect.stringMatching(/\w/) },
    })
  })

  test('with another status: failed', async () => {
    expect(await end(['print something', 'exit 3'])).toMatchObject({
      state: 'failed',
      outcome: { reason: 'exit-code', exitCode: 3 },
    })
  })

  test.each(['SIGSEGV', 'SIGKILL'])('by %s: failed, and it says which signal', async (signal) => {
    expect(await end(['print something', `crash ${signal}`])).toMatchObject({
      state: 'failed',
      outcome: { reason: 'signal', signal, message: expect.stringContaining(signal) },
    })
  })

  test('without a log, for want of a licence: failed, in the engine’s own words', async () => {
    expect(await end(['no-log', 'stderr Cannot find license file', 'exit 1'])).toMatchObject({
      state: 'failed',
      outcome: { reason: 'no-log', message: expect.stringContaining('Cannot find license file') },
    })
  })
})

describe('Tailgate stops it', () => {
  test('cancelled while it runs', async () => {
    const ready = join(workspace.root, 'cancel-ready')
    const run = await start([`touch ${ready}`, 'hang'])
    await existing(ready)
    await run.cancel()
    expect(note(await run.result())).toMatchObject({ state: 'cancelled', outcome: { reason: 'cancelled' } })
  })

  test('cancelled although it and its children ignore SIGTERM: nothing is left of it', async () => {
    const [ready, child, daemon] = ['stubborn', 'child', 'daemon'].map((name) => join(workspace.root, name))
    const run = await start([
      'ignore-signals',
      `fork-child ${child}`,
      `fork-daemon ${daemon}`,
      `touch ${ready}`,
      'hang',
    ])
    await existing(ready ?? '')
    const children = await Promise.all([child, daemon].map(async (file) => Number(await existing(file ?? ''))))
    await run.cancel()
    await run.cancel()
    expect(note(await run.result())).toMatchObject({ state: 'cancelled', outcome: { reason: 'cancelled' } })
    expect(await processesUnder(join(workspace.dataDir, 'runs', run.id))).toEqual([])
    for (const pid of children) expect(await isRunning(pid)).toBe(false)
  })

  test('timed out', async () => {
    expect(await end(['print working', 'hang'], 1_500)).toMatchObject({
      state: 'timed-out',
      outcome: { reason: 'timed-out', message: expect.stringContaining('1.5') },
    })
  })

  test('cancelled while it waits in the queue, and the queue moves up', async () => {
    const files = [1, 2, 3, 4].map((n) => join(workspace.root, `busy-${n}`))
    const busy = await Promise.all(files.map((file) => start([`touch ${file}`, `wait-for ${workspace.root}/free`])))
    await Promise.all(files.map(existing))
    const waiting = await start(['print never'])
    const next = await start(['print next'])
    expect([waiting.record.queuePosition, next.record.queuePosition]).toEqual([1, 2])
    await waiting.cancel()
    expect(note(await waiting.result())).toMatchObject({ state: 'cancelled', outcome: { reason: 'cancelled' } })
    expect((await client.runs.get(next.id)).queuePosition).toBe(1)
    await workspace.file('free', '')
    await Promise.all(busy.map((run) => run.result()))
    expect(note(await next.result()).state).toBe('succeeded')
  })

  test('cancelled when the last viewer leaves, if that was asked for', async () => {
    const ready = join(workspace.root, 'watched')
    await workspace.file('watched.do', `* engine: touch ${ready}\n* engine: hang\n`)
    const run = await client.runs.start({ file: 'watched.do', cancelOnDisconnect: true })
    const leave = new AbortController()
    const watching = (async () => {
      for await (const event of run.events({ signal: leave.signal })) if (event.type === 'lines') leave.abort()
    })().catch(() => {})
    await existing(ready)
    await watching
    let record = await client.runs.get(run.id)
    while (record.outcome === null) record = await client.runs.get(run.id)
    expect(note(record)).toMatchObject({ state: 'cancelled' })
  })
})

describe('nobody knows', () => {
  test('the engine and its launch shell are gone without a trace: lost, and it says why', async () => {
    const ready = join(workspace.root, 'lost')
    const run = await start(['echo regress y x', `touch ${ready}`, 'hang'])
    await existing(ready)
    const all = await processesUnder(join(workspace.dataDir, 'runs', run.id))
    const engineProcess = Number(await existing(ready))
    for (const { pid } of all.filter(({ pid }) => pid !== engineProcess)) process.kill(pid, 'SIGKILL')
    process.kill(engineProcess, 'SIGKILL')
    expect(note(await run.result())).toMatchObject({
      state: 'lost',
      outcome: { reason: 'engine-vanished', message: expect.stringMatching(/\w/) },
    })
  })

  test('the log is deleted while it runs: what was read is kept, and the end says so', async () => {
    const run = await start(['print before', 'sleep 500', 'delete-log', 'exit 0'])
    const { state, outcome } = note(await run.result())
    expect(['failed', 'lost']).toContain(state)
    expect(outcome.message).toMatch(/log/)
  })
})

test('the engine cannot be started: failed, and it says why', async () => {
  await using other = await createWorkspace()
  const path = await scriptedEngine(other.root)
  const gateway = await other.start({ stata: path })
  const { runs } = createTailgateClient({ url: gateway.url })
  await other.file('a.do', 'display 1\n')
  await chmod(path, 0o644)
  const run = await runs.start({ file: 'a.do' })
  expect(note(await run.result())).toMatchObject({
    state: 'failed',
    outcome: { reason: 'launch-failed', message: expect.stringMatching(/permission|execut/i) },
  })
})

test('every ended state of the protocol was brought about, and every reason', () => {
  const ended = ['succeeded', 'failed', 'cancelled', 'timed-out', 'lost']
  expect(runStateSchema.options.filter((state) => ended.includes(state) && !seen.states.has(state))).toEqual([])
  // `log-lost` has a test of its own, among those of a log that is taken away.
  expect(outcomeReasonSchema.options.filter((reason) => !seen.reasons.has(reason))).toEqual(['log-lost'])
})
