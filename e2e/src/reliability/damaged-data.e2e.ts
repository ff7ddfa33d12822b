import { mkdir, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient, type TailgateClient } from '@tailgate/client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { existing } from '../harness/existing.ts'
import { Watcher } from '../harness/watcher.ts'
import { createWorkspace, curl, isRunning, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** What a gateway makes of a data directory that was damaged while no gateway was there. */

const NAMES = [
  'ended',
  'ended-notes',
  'ended-log',
  'running-notes',
  'running-log',
  'running-directory',
  'running-claim',
] as const
type Name = (typeof NAMES)[number]

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let workspace: Workspace
let url: string
let client: TailgateClient
const ids = new Map<Name, string>()

const inRoot = (file: string) => join(workspace.root, file)
const runDir = (name: Name) => join(workspace.dataDir, 'runs', ids.get(name) ?? '')
const inRun = (name: Name, file: string) => join(runDir(name), file)
const watch = (name: Name, cursor: string | null = null) => new Watcher(client.runs.follow(ids.get(name) ?? ''), cursor)

beforeAll(async () => {
  workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const args = ['--max-running', String(NAMES.length)]
  const first = await workspace.start({ stata, args })
  client = createTailgateClient({ url: first.url })
  for (const name of NAMES) {
    const waits = name.startsWith('running')
    const directives = [
      `append-pid ${inRoot(`${name}.pids`)}`,
      'canary 3000 1',
      ...(waits ? [`wait-for ${inRoot('go-on')}`] : []),
    ]
    await workspace.file(`${name}.do`, [...directives, 'print the end'].map((line) => `* engine: ${line}\n`).join(''))
    ids.set(name, (await client.runs.start({ file: `${name}.do` })).id)
  }
  await Promise.all(
    NAMES.map(async (name) => {
      const viewer = watch(name)
      if (name.startsWith('running')) await viewer.until(() => viewer.log.includes('canary 3000 '))
      else await viewer.end()
    }),
  )
  await first.stop('SIGKILL')

  for (const name of ['ended-notes', 'running-notes'] as const) {
    for (const file of ['run.index', 'run.checkpoint', 'run.growth'])
      await writeFile(inRun(name, file), 'not what it was')
    await truncate(inRun(name, 'run.kinds'), 7)
  }
  await unlink(inRun('ended-log', 'run.log'))
  await unlink(inRun('running-log', 'run.log'))
  await rm(runDir('running-directory'), { recursive: true })
  await unlink(inRun('running-claim', 'engine-1.pid'))
  await mkdir(inRun('running-claim', 'engine-1.pid'))
  const second = await workspace.start({ stata, args })
  url = second.url
  client = createTailgateClient({ url })
})
afterAll(() => workspace[Symbol.asyncDispose]())

describe('notes beside a log that are damaged', () => {
  test('are built anew for a run that has ended', async () => {
    const viewer = watch('ended-notes')
    expect((await viewer.end()).state).toBe('succeeded')
    expect(viewer.logs).toEqual([await readFile(inRun('ended-notes', 'run.log'), 'utf8')])
    const page = await client.runs.lines({ runId: ids.get('ended-notes') ?? '', from: 1_500, count: 1 })
    const whole = await client.runs.lines({ runId: ids.get('ended') ?? '', from: 1_500, count: 1 })
    expect(page.lines).toEqual(whole.lines)
  })

  test('are built anew for a run that goes on', async () => {
    const viewer = watch('running-notes')
    await viewer.until(() => viewer.log.includes('canary 3000 '))
    await workspace.file('go-on', '')
    expect((await viewer.end()).state).toBe('succeeded')
    expect(viewer.logs).toEqual([await readFile(inRun('running-notes', 'run.log'), 'utf8')])
  })
})

describe('a log that is gone', () => {
  test('of a run that has ended is told to its viewers, and its record is kept', async () => {
    const { state, problem, log } = await watch('ended-log').end()
    expect([state, problem]).toEqual(['succeeded', expect.stringContaining(`${log.bytes} of the ${log.bytes} bytes`)])
    expect(await curl(`${url}/runs/${ids.get('ended-log')}/log`)).toContain('"code":"not-found"')
  })

  test('of a run that went on leaves it lost, if it exited with 0', async () => {
    await workspace.file('go-on', '')
    const { state, outcome } = await watch('running-log').end()
    expect([state, outcome?.reason, outcome?.exitCode]).toEqual(['lost', 'log-lost', 0])
    expect(outcome?.message).toContain('it was deleted')
  })
})

test.each([
  ['whose directory is gone', 'running-directory'],
  ['of which cannot be told whether it was started', 'running-claim'],
] as const)('a run %s is lost, its engine is not started again, and others are taken up', async (_, name) => {
  const { state, outcome } = await watch(name).end()
  expect([state, outcome?.reason]).toEqual(['lost', 'engine-vanished'])
  expect(outcome?.message).toContain('may still be going')
  const pids = (await existing(inRoot(`${name}.pids`))).trimEnd().split('\n')
  expect(pids).toHaveLength(1)
  await workspace.file('go-on', '')
  await expect.poll(() => isRunning(Number(pids[0])), { timeout: 30_000 }).toBe(false)
})

test('a database that is none stops the gateway, which says which file and what to do', async () => {
  await using other = await createWorkspace()
  await (await other.start()).stop()
  await writeFile(
    join(other.dataDir, 'tailgate.sqlite'),
    'not a database at all, however long one looks at it'.repeat(99),
  )
  const refusal = await other.start().catch((error: unknown) => String(error))
  expect(refusal).toContain(join(other.dataDir, 'tailgate.sqlite'))
  expect(refusal).toContain('file is not a database')
  expect(refusal).not.toMatch(/\n\s+at /)
})
