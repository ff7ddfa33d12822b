import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { existing } from '../harness/existing.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

const PATIENT = { timeout: 30_000 }

test('--keep-runs, --keep-bytes and --keep-days forget the oldest runs and their logs, and never one that runs', {
  timeout: 120_000,
}, async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('ends.do', '* engine: canary 200 1\n')
  await workspace.file(
    'goes-on.do',
    `* engine: touch ${workspace.root}/up\n* engine: wait-for ${workspace.root}/go-on\n`,
  )
  const first = await workspace.start({ stata })
  const { runs } = createTailgateClient({ url: first.url })
  const goesOn = await runs.start({ file: 'goes-on.do' })
  await existing(join(workspace.root, 'up'))
  const ended: string[] = []
  let logBytes = 0
  for (let i = 0; i < 6; i++) {
    const { run } = await (await runs.start({ file: 'ends.do' })).result()
    ended.push(run.id)
    logBytes = run.log.bytes
  }
  await first.stop()

  /** What a gateway with these flags leaves, in its list and on the disk. */
  const left = async (...flags: string[]) => {
    const { url, stop } = await workspace.start({ stata, args: flags })
    const client = createTailgateClient({ url })
    const kept = async () => (await client.runs.list()).runs.map(({ id }) => id).toSorted()
    const directories = async () => (await readdir(join(workspace.dataDir, 'runs'))).toSorted()
    return { kept, directories, stop, client }
  }
  const expectLeft = async (flags: readonly string[], expected: readonly string[]) => {
    const { kept, directories, stop } = await left(...flags)
    await expect.poll(kept, PATIENT).toEqual(expected)
    await expect.poll(directories, PATIENT).toEqual(expected)
    await stop()
  }
  await expectLeft(['--keep-days', '1'], [goesOn.id, ...ended])
  await expectLeft(['--keep-runs', '4'], [goesOn.id, ...ended.slice(2)])
  await expectLeft(['--keep-bytes', String(2.5 * logBytes)], [goesOn.id, ...ended.slice(4)])
  await expectLeft(['--keep-days', '0'], [goesOn.id])

  const last = await left('--keep-runs', '1')
  await workspace.file('go-on', '')
  expect((await last.client.runs.follow(goesOn.id).result()).state).toBe('succeeded')
})
