import { execFileSync } from 'node:child_process'
import { open, readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { createNamespace } from '../harness/namespace.ts'
import { Watcher } from '../harness/watcher.ts'
import { createWorkspace, curl, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A data directory on a disk of its own that is full, and then is not. */

const DISK_BYTES = 24 * 1024 * 1024

async function smallDisk(workspace: Workspace) {
  return await createNamespace(
    `mkdir '${workspace.dataDir}'; mount -t tmpfs -o size=${DISK_BYTES} tmpfs '${workspace.dataDir}'`,
  )
}

/** Writes a file until not a byte is left. */
async function fill(path: string): Promise<void> {
  await using file = await open(path, 'w')
  for (let size = 1024 * 1024; size > 0; ) {
    const { bytesWritten } = await file.write(Buffer.alloc(size)).catch(() => ({ bytesWritten: 0 }))
    if (bytesWritten < size) size >>= 1
  }
}

async function start(workspace: Workspace, enter: readonly string[], stata: string) {
  const gateway = await workspace.start({ stata, enter, args: ['--max-running', '4'] })
  return {
    gateway,
    client: createTailgateClient({ url: gateway.url }),
    trpc: createTailgateClient({ url: gateway.url, transport: 'trpc' }),
  }
}

test('a full disk is told, starts nothing, and disturbs neither what runs nor who watches', {
  timeout: 120_000,
}, async ({ skip }) => {
  await using workspace = await createWorkspace()
  await using disk = await smallDisk(workspace)
  if (disk === null) return skip()
  const inRoot = (name: string) => join(workspace.root, name)
  const stata = await scriptedEngine(workspace.root)
  const canary = '* engine: canary 20000 3\n'
  await workspace.file('ended.do', canary)
  await workspace.file('long.do', `${canary}* engine: wait-for ${inRoot('room')}\n* engine: print room again\n`)
  await workspace.file('ends.do', `* engine: print so far\n* engine: wait-for ${inRoot('full')}\n* engine: exit 3\n`)
  const { gateway, client, trpc } = await start(workspace, disk.enter, stata)
  const ended = await client.runs.start({ file: 'ended.do' })
  await ended.result()
  const long = await client.runs.start({ file: 'long.do' })
  const ends = await client.runs.start({ file: 'ends.do' })
  const viewers = [client, trpc].map(({ runs }) => new Watcher(runs.follow(long.id)))
  const witness = new Watcher(client.runs.follow(ends.id))
  await Promise.all(viewers.map((viewer) => viewer.until(() => viewer.log.includes('canary 20000 '))))
  await witness.until(() => witness.log.includes('so far'))

  const ballast = join(disk.path(workspace.dataDir), 'ballast')
  await fill(ballast)
  expect((await statfs(ballast)).bavail).toBe(0)
  await Promise.all(viewers.map((viewer) => viewer.until(() => viewer.problem?.includes('is full') === true)))
  const health = await client.health()
  expect(health).toMatchObject({ status: 'degraded', problems: [expect.stringContaining('is full (0 MiB left)')] })
  for (const { runs } of [client, trpc]) {
    await expect(runs.start({ file: 'ended.do' })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/is full .* Delete old runs or free space/),
    })
  }
  expect(await curl('-o', '/dev/null', '-w', '%{http_code}', `${gateway.url}/run_file?file_path=ended.do`)).toBe('503')

  // Who comes now sees all there is, of what has ended and of what runs.
  const endedLog = await readFile(join(disk.path(workspace.dataDir), 'runs', ended.id, 'run.log'), 'utf8')
  for (const { runs } of [client, trpc]) {
    const viewer = new Watcher(runs.follow(ended.id))
    await viewer.end()
    expect(viewer.logs).toEqual([endedLog])
    const late = new Watcher(runs.follow(long.id))
    viewers.push(late)
    await late.until(() => late.log.includes('canary 20000 '))
  }
  // A run that ends now is told as it ended, though that cannot be stored.
  await workspace.file('full', '')
  const { state, outcome } = await witness.end()
  expect([state, outcome?.reason, outcome?.exitCode]).toEqual(['failed', 'exit-code', 3])
  expect((await client.runs.get(ends.id)).state).toBe('failed')
  expect((await client.health()).problems).toContainEqual(expect.stringContaining('cannot be stored'))

  await rm(ballast)
  await Promise.all(viewers.map((viewer) => viewer.until(() => viewer.problem === undefined)))
  await expect.poll(async () => (await client.health()).status, { timeout: 30_000 }).toBe('ok')
  await workspace.file('room', '')
  const finals = await Promise.all(viewers.map((viewer) => viewer.end()))
  for (const { state } of finals) expect(state).toBe('succeeded')
  const longLog = await readFile(join(disk.path(workspace.dataDir), 'runs', long.id, 'run.log'), 'utf8')
  expect(longLog).toContain('room again')
  for (const viewer of viewers) expect(viewer.logs).toEqual([longLog])
  expect(await (await client.runs.start({ file: 'ended.do' })).result()).toMatchObject({ state: 'succeeded' })

  await gateway.stop('SIGKILL')
  const next = await start(workspace, disk.enter, stata)
  expect(await next.client.runs.get(ends.id)).toMatchObject({ state: 'failed', outcome: { exitCode: 3 } })
  expect(await next.client.runs.get(long.id)).toMatchObject({ state: 'succeeded' })
})

test('a gateway that starts on a full disk takes up what runs, and its viewers find all of it', {
  timeout: 120_000,
}, async ({ skip }) => {
  await using workspace = await createWorkspace()
  await using disk = await smallDisk(workspace)
  if (disk === null) return skip()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('a.do', `* engine: canary 2000 1\n* engine: wait-for ${join(workspace.root, 'go-on')}\n`)
  const first = await start(workspace, disk.enter, stata)
  const run = await first.client.runs.start({ file: 'a.do' })
  const viewer = new Watcher(run)
  await viewer.until(() => viewer.log.includes('canary 2000 '))
  await first.gateway.stop('SIGKILL')
  await rm(join(disk.path(workspace.dataDir), 'gateway.json'))
  await fill(join(disk.path(workspace.dataDir), 'ballast'))

  const { client } = await start(workspace, disk.enter, stata)
  expect((await client.health()).problems[0]).toContain('is full')
  const returning = new Watcher(client.runs.follow(run.id))
  await returning.until(() => returning.log === viewer.log)
  await rm(join(disk.path(workspace.dataDir), 'ballast'))
  await workspace.file('go-on', '')
  expect((await returning.end()).state).toBe('succeeded')
})

test('a data directory that cannot be written stops the gateway, which says so', { timeout: 120_000 }, async ({
  skip,
}) => {
  await using workspace = await createWorkspace()
  await using disk = await smallDisk(workspace)
  if (disk === null) return skip()
  const stata = await scriptedEngine(workspace.root)
  await (await start(workspace, disk.enter, stata)).gateway.stop()
  const [command = '', ...words] = [...disk.enter, 'mount', '-o', 'remount,ro', workspace.dataDir]
  execFileSync(command, words)
  const refusal = await start(workspace, disk.enter, stata).catch((error: unknown) => String(error))
  expect(refusal).toContain(`${workspace.dataDir} cannot be read and written by this user (EROFS)`)
  expect(refusal).not.toMatch(/\n\s+at /)
})
