import { readFileSync } from 'node:fs'
import { mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient, type TailgateClient } from '@tailgate/client'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Watcher } from '../harness/watcher.ts'
import { createWorkspace, curl, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** What happens to a run, and to those who watch it over either transport, when its log is tampered with. */

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let workspace: Workspace
let stata: string
let url: string
let clients: readonly [TailgateClient, TailgateClient]

beforeAll(async () => {
  workspace = await createWorkspace()
  stata = await scriptedEngine(workspace.root)
  url = (await workspace.start({ stata, args: ['--max-running', '8'] })).url
  clients = [createTailgateClient({ url, transport: 'sse' }), createTailgateClient({ url, transport: 'trpc' })]
})
afterAll(() => workspace[Symbol.asyncDispose]())

let count = 0

/** A run that has said something and waits, watched over both transports. */
async function waitingRun(after: readonly string[] = [], before: readonly string[] = []) {
  const name = `faulty-${++count}`
  const goOn = join(workspace.root, `${name}.go-on`)
  const directives = [...before, 'print line before', `wait-for ${goOn}`, 'print line after', ...after]
  await workspace.file(`${name}.do`, directives.map((directive) => `* engine: ${directive}\n`).join(''))
  const { id } = await clients[0].runs.start({ file: `${name}.do` })
  const viewers = clients.map((client) => new Watcher(client.runs.follow(id)))
  await all(viewers, ({ log }) => log.includes('line before'))
  const runDir = join(workspace.dataDir, 'runs', id)
  const log = join(runDir, 'run.log')
  return {
    id,
    viewers,
    runDir,
    log,
    written: readFileSync(log, 'utf8'),
    late: () => clients.map((client) => new Watcher(client.runs.follow(id))),
    goOn: () => writeFile(goOn, ''),
  }
}

async function all(viewers: readonly Watcher[], condition: (viewer: Watcher) => boolean): Promise<void> {
  await Promise.all(viewers.map((viewer) => viewer.until(() => condition(viewer))))
}

describe('a log that is rewritten', () => {
  test.each([
    ['shorter', 'new\n'],
    ['longer', `a new log that is longer than the old one was\n${'and goes on and on\n'.repeat(500)}`],
  ])('%s begins anew for everybody, and nothing is mixed', async (_how, content) => {
    const { viewers, log, written, late, goOn, id } = await waitingRun([], ['append-log'])
    await writeFile(log, content)
    await all(viewers, (viewer) => viewer.log === content)
    const newcomers = late()
    const returning = clients.map((client) => new Watcher(client.runs.follow(id), `${id}:0:5`))
    await goOn()
    const everybody = [...viewers, ...newcomers, ...returning]
    const ends = await Promise.all(everybody.map((viewer) => viewer.end()))
    const final = await readFile(log, 'utf8')
    expect(final).toContain('line after')
    for (const viewer of viewers) expect(viewer.logs).toEqual([written, final])
    // To whom comes later the old log is no more; a cursor from it begins anew.
    for (const viewer of newcomers) expect(viewer.log).toBe(final)
    for (const viewer of returning) expect([viewer.resets, viewer.logs]).toEqual([['replaced'], ['', final]])
    for (const end of ends) expect(end.state).toBe('succeeded')
  })

  test('by another file in its place begins anew, after what the old one still got', async () => {
    const { viewers, log, written, goOn } = await waitingRun()
    await writeFile(`${log}.other`, 'the other log\n')
    await rename(`${log}.other`, log)
    await all(viewers, (viewer) => viewer.log === 'the other log\n')
    await goOn()
    for (const viewer of viewers) {
      const { state, outcome } = await viewer.end()
      expect([viewer.resets, viewer.logs]).toEqual([['replaced'], [written, 'the other log\n']])
      // What the engine wrote to the old file nobody can know any more.
      expect([state, outcome?.reason]).toEqual(['failed', 'no-end-marker'])
    }
  })
})

describe('a log that is taken away', () => {
  test.each(['log', 'directory'])('(its %s deleted) is read on and put back, and nothing is lost', async (what) => {
    const { viewers, late, runDir, log, goOn, id } = await waitingRun()
    if (what === 'log') await unlink(log)
    // The gateway may add a file between the removal of the last one and that of the directory.
    else await rm(runDir, { recursive: true, maxRetries: 20, retryDelay: 10 })
    await all(viewers, ({ problem }) => problem?.includes('was deleted or moved away') === true)
    const newcomers = late()
    await goOn()
    const everybody = [...viewers, ...newcomers]
    const ends = await Promise.all(everybody.map((viewer) => viewer.end()))
    for (const { state, problem } of ends) expect([state, problem]).toEqual(['succeeded', undefined])
    const final = await readFile(log, 'utf8')
    expect(final).toContain('line after')
    for (const viewer of everybody) expect(viewer.logs).toEqual([final])
    expect(await curl(`${url}/runs/${id}/log`)).toBe(final)
    expect((await clients[0].runs.lines({ runId: id })).lines.map(({ text }) => `${text}\n`).join('')).toBe(final)
  })

  test('and comes back is no problem any more', async () => {
    const { viewers, log, goOn } = await waitingRun()
    await rename(log, `${log}.away`)
    await all(viewers, ({ problem }) => problem !== undefined)
    await rename(`${log}.away`, log)
    await all(viewers, ({ problem }) => problem === undefined)
    await goOn()
    for (const viewer of viewers) expect((await viewer.end()).state).toBe('succeeded')
  })
})

describe('a log that cannot be read', () => {
  test('is told while that lasts, and goes on where it was', async () => {
    const { viewers, log, goOn } = await waitingRun()
    await rename(log, `${log}.away`)
    await mkdir(log)
    await all(viewers, ({ problem }) => problem?.includes('EISDIR') === true)
    await rm(log, { recursive: true })
    await rename(`${log}.away`, log)
    await goOn()
    const ends = await Promise.all(viewers.map((viewer) => viewer.end()))
    const final = await readFile(log, 'utf8')
    for (const { state, problem } of ends) expect([state, problem]).toEqual(['succeeded', undefined])
    for (const viewer of viewers) expect(viewer.log).toBe(final)
  })

  test('to its end leaves a run that exited with 0 lost, and says why', async () => {
    const { viewers, log, goOn } = await waitingRun()
    await rename(log, `${log}.away`)
    await mkdir(log)
    await all(viewers, ({ problem }) => problem?.includes('EISDIR') === true)
    await goOn()
    for (const viewer of viewers) {
      const { state, outcome } = await viewer.end()
      expect([state, outcome?.reason, outcome?.exitCode]).toEqual(['lost', 'log-lost', 0])
      expect(outcome?.message).toMatch(/could not be read to its end .*EISDIR/)
    }
  })

  test('to its end leaves a run that exited otherwise failed', async () => {
    const { viewers, log, goOn } = await waitingRun(['exit 7'])
    await rename(log, `${log}.away`)
    await mkdir(log)
    await all(viewers, ({ problem }) => problem?.includes('EISDIR') === true)
    await goOn()
    for (const viewer of viewers) {
      const { state, outcome } = await viewer.end()
      expect([state, outcome?.reason, outcome?.exitCode]).toEqual(['failed', 'exit-code', 7])
    }
  })
})
