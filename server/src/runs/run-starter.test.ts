import { type Engine, err, ok, type Result, type StartRun, TailgateError } from '@tailgate/shared'
import { describe, expect, test } from 'vitest'
import type { StoredRun } from '../store/stored-run.ts'
import { checkRepeated, prepareRun, type RunStarterDeps } from './run-starter.ts'

const ENGINE: Engine = { kind: 'stata', path: '/opt/stata/stata-mp', edition: 'MP', version: '18' }

/** Allows all paths, under another name as a link would; `asked` notes what it was asked for. */
function deps(differences: Partial<RunStarterDeps> = {}): RunStarterDeps & { readonly asked: string[] } {
  const asked: string[] = []
  let ids = 0
  return {
    asked,
    paths: {
      resolveDoFile: async (path) => {
        asked.push(`do-file ${path}`)
        return ok({ path: `/real${path}` })
      },
      resolveWorkingDir: async (path) => {
        asked.push(`directory ${path}`)
        return ok({ path: `/there${path}` })
      },
    },
    engine: () => ENGINE,
    executor: 'local',
    newId: () => `id-${++ids}`,
    wallClock: () => 1_234,
    check: () => ok(undefined),
    ...differences,
  }
}

const refusal = (what: string) => new TailgateError('forbidden', `${what} is not allowed`)
const refuse = async (): Promise<Result<never, TailgateError>> => err(refusal('it'))

async function prepare(request: StartRun, with_ = deps(), name: string | null = null): Promise<StoredRun> {
  const prepared = await prepareRun(request, { name }, with_)
  if (!prepared.ok) throw prepared.error
  return prepared.value
}

describe('preparing a run', () => {
  test('of a bare request gives a queued run with the defaults', async () => {
    expect(await prepare({ file: '/a/main.do' })).toEqual({
      id: 'id-1',
      state: 'queued',
      intent: null,
      file: '/real/a/main.do',
      args: [],
      workingDir: '/there/real/a',
      engine: ENGINE,
      executor: 'local',
      startedBy: null,
      runKey: null,
      requestDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      cancelOnDisconnect: false,
      attempt: 1,
      timeoutMs: null,
      queuedAt: 1_234,
      startedAt: null,
      endedAt: null,
      elapsedMs: null,
      outcome: null,
      progress: { statement: null, replications: null, iteration: null, estimate: null },
      artifacts: [],
      generation: 0,
      logBytes: 0,
      logLines: 0,
    })
  })

  test('keeps all that was asked for and who asked', async () => {
    const request = {
      file: '/m.do',
      args: ['1', ''],
      workingDir: '/w',
      timeoutMs: 5,
      runKey: 'k',
      cancelOnDisconnect: true,
    }
    expect(await prepare(request, deps(), 'ann')).toMatchObject({
      args: ['1', ''],
      workingDir: '/there/w',
      timeoutMs: 5,
      runKey: 'k',
      cancelOnDisconnect: true,
      startedBy: 'ann',
    })
  })

  test('takes the directory of the real do-file, not of the name it was asked by', async () => {
    const noted = deps()
    await prepare({ file: '/link.do' }, noted)
    expect(noted.asked).toEqual(['do-file /link.do', 'directory /real'])
  })

  test('is refused when the do-file, the directory or the engine says no, for its reason', async () => {
    const all = deps()
    const refusals: Partial<RunStarterDeps>[] = [
      { paths: { ...all.paths, resolveDoFile: refuse } },
      { paths: { ...all.paths, resolveWorkingDir: refuse } },
      { check: () => err(refusal('it')) },
    ]
    for (const differences of refusals) {
      expect(await prepareRun({ file: '/m.do' }, { name: null }, deps(differences))).toEqual(err(refusal('it')))
    }
  })

  test('asks for no directory when the do-file is refused', async () => {
    const noted = deps()
    await prepareRun({ file: '/m.do' }, { name: null }, { ...noted, paths: { ...noted.paths, resolveDoFile: refuse } })
    expect(noted.asked).toEqual([])
  })

  test('shows the engine check the run that would be queued', async () => {
    const seen: StoredRun[] = []
    const run = await prepare({ file: '/m.do' }, deps({ check: (asked) => ok(seen.push(asked)) }))
    expect(seen).toEqual([run])
  })
})

describe('a repeated start', () => {
  test('with the same parameters is the same run, defaults written out or not', async () => {
    const known = await prepare({ file: '/m.do', runKey: 'k' }, deps(), 'ann')
    const asked = { file: '/m.do', args: [], cancelOnDisconnect: false, runKey: 'k' }
    expect(checkRepeated(known, asked, { name: 'ann' })).toEqual(ok(undefined))
  })

  test('with other parameters is refused, and told which run has the key', async () => {
    const same = deps()
    const known = await prepare({ file: '/m.do', runKey: 'k' }, same)
    const result = checkRepeated(known, { file: '/m.do', runKey: 'k', timeoutMs: 1 }, { name: known.startedBy })
    expect(result).toMatchObject({ ok: false, error: { code: 'conflict', details: { runId: 'id-1' } } })
    if (!result.ok) expect(result.error.message).toMatch(/run key "k" was used for another start \(run id-1\)/)
  })

  test.each(['bob', null])('by %j, who did not start its run, is refused, whatever the parameters', async (name) => {
    const known = await prepare({ file: '/m.do', runKey: 'k' }, deps(), 'ann')
    const result = checkRepeated(known, { file: '/m.do', runKey: 'k' }, { name })
    expect(result).toMatchObject({ ok: false, error: { code: 'conflict', details: { parameter: 'runKey' } } })
    if (!result.ok) expect(result.error.message).toMatch(/belongs to a start of somebody else.*use a key of your own/)
  })
})
