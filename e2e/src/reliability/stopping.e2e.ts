import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createTailgateClient, type TailgateClient } from '@tailgate/client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { existing } from '../harness/existing.ts'
import { createRandom } from '../harness/random.ts'
import { createWorkspace, processesUnder, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'
import { newSeed } from '../soak/report.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const MAX_RUNNING = 4

let workspace: Workspace
let clients: readonly [TailgateClient, TailgateClient]

beforeAll(async () => {
  workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const args = ['--kill-grace', '0.5', '--max-running', String(MAX_RUNNING)]
  const { url } = await workspace.start({ stata, args })
  clients = [createTailgateClient({ url, transport: 'sse' }), createTailgateClient({ url, transport: 'trpc' })]
})
afterAll(() => workspace[Symbol.asyncDispose]())

test('an engine that is stopped goes on when it is continued, and can be cancelled while it is not', async () => {
  const pidFile = (name: string) => join(workspace.root, name)
  await workspace.file('cancelled.do', `* engine: touch ${pidFile('cancelled')}\n* engine: crash SIGSTOP\n`)
  await workspace.file('goes-on.do', `* engine: touch ${pidFile('goes-on')}\n* engine: clock 20 50\n`)
  const goesOn = await clients[0].runs.start({ file: 'goes-on.do' })
  process.kill(Number(await existing(pidFile('goes-on'))), 'SIGSTOP')
  const cancelled = await clients[1].runs.start({ file: 'cancelled.do' })
  await existing(pidFile('cancelled'))
  // Its clock goes on all the same.
  for await (const event of cancelled.events()) if (event.type === 'tick') break
  await cancelled.cancel()
  expect(await cancelled.result()).toMatchObject({ state: 'cancelled', outcome: { reason: 'cancelled' } })
  process.kill(Number(await existing(pidFile('goes-on'))), 'SIGCONT')
  expect((await goesOn.result()).state).toBe('succeeded')
})

test('runs that are cancelled at any moment end, and leave no process behind', async () => {
  const seed = newSeed()
  console.log(`stopping.e2e.ts: seed ${seed}`)
  const random = createRandom(seed)
  await workspace.file('stubborn.do', '* engine: ignore-signals\n* engine: clock 10000 20\n')
  await workspace.file('willing.do', '* engine: clock 10000 20\n')
  await workspace.file('brief.do', '* engine: print done\n')
  const files = ['stubborn.do', 'willing.do', 'brief.do']
  const states = await Promise.all(
    Array.from({ length: 18 }, async (_, i) => {
      const { runs } = clients[i % 2 === 0 ? 0 : 1]
      const file = files[i % files.length] ?? ''
      const waits = [random.between(0, 3_000), random.between(0, 100)]
      const run = await runs.start({ file })
      for (const ms of waits) {
        await delay(ms)
        await run.cancel()
      }
      const { state, run: record } = await run.result()
      expect((await runs.get(run.id)).state).toBe(state)
      expect(await processesUnder(join(workspace.dataDir, 'runs', record.id))).toEqual([])
      return { file, state }
    }),
  )
  for (const { file, state } of states) {
    if (file !== 'brief.do') expect(state).toBe('cancelled')
    else expect(['cancelled', 'succeeded']).toContain(state)
  }
  expect(await clients[0].health()).toMatchObject({ running: 0, queued: 0 })
})
