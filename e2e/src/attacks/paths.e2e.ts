import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { errorBodySchema, isEnded, runPageSchema, runSchema } from '@tailgate/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostilePaths } from '../../../server/src/security/path-policy.corpus.ts'
import { createPathFixture, type PathFixture } from '../../../server/src/security/path-policy.fixture.ts'
import { existing } from '../harness/existing.ts'
import { type GatewayProcess, startGateway } from '../harness/gateway-process.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** Paths that are meant to lead out of the allowed roots, in every form, and files that are swapped under way. */

const REFUSALS = [400, 403, 404]
const json = { 'Content-Type': 'application/json' }

async function runsOf(url: string) {
  return runPageSchema.parse(await (await fetch(`${url}/runs?limit=500`)).json()).runs
}

async function post(url: string, path: string, body: unknown): Promise<Response> {
  return await fetch(url + path, { method: 'POST', headers: json, body: JSON.stringify(body) })
}

describe('a path that leads out of the roots', () => {
  let files: PathFixture
  let gateway: GatewayProcess
  beforeAll(async () => {
    files = await createPathFixture()
    const tokens = ['--token-file', join(files.base, 'tokens.json')]
    // The data directory lies under the root, as it may where somebody serves their home directory.
    await rm(join(files.root, 'reserved', 'tokens.json'))
    gateway = await startGateway({ dataDir: join(files.root, 'reserved'), roots: [files.root], args: tokens })
  })
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]()
    await files.remove()
  })

  test('is refused in each of more than 200 forms, wherever a path is taken', { timeout: 120_000 }, async () => {
    const forms = [...hostilePaths(files.root, 'secret.do'), ...hostilePaths(files.root, 'none.do')]
    expect(new Set(forms).size).toBeGreaterThan(200)
    const requests = forms.flatMap((form) => [
      ['file', form, () => post(gateway.url, '/runs', { file: form })] as const,
      ['working_dir', form, () => post(gateway.url, '/run_file', { file_path: 'main.do', working_dir: form })] as const,
      ...(form.isWellFormed()
        ? [['query', form, () => fetch(`${gateway.url}/run_file?file_path=${encodeURIComponent(form)}`)] as const]
        : []),
    ])
    const letIn: unknown[] = []
    for (let at = 0; at < requests.length; at += 20) {
      const batch = requests.slice(at, at + 20).map(async ([where, form, send]) => {
        const response = await send()
        const text = await response.text()
        const isRefusal = REFUSALS.includes(response.status) && errorBodySchema.safeParse(JSON.parse(text)).success
        if (!isRefusal) letIn.push([where, form, response.status, text])
      })
      await Promise.all(batch)
    }
    // A working directory that is an ordinary directory under the root is none of these.
    expect(letIn).toEqual([])
    expect(await runsOf(gateway.url)).toEqual([])
  })

  test('in the address itself reaches no file', async () => {
    for (const path of [
      '/../../etc/passwd',
      '/assets/../../../etc/passwd',
      '/assets/..%2f..%2f..%2fetc/passwd',
      '//etc/passwd',
    ]) {
      const { port } = new URL(gateway.url)
      const { stdout } = spawn('curl', ['-s', '--path-as-is', `http://127.0.0.1:${port}${path}`])
      expect(String(await stdout.setEncoding('utf8').toArray())).not.toContain('root:')
    }
  })
})

test('a link that is swapped all the time never makes the gateway run a file outside', {
  timeout: 120_000,
}, async () => {
  await using workspace = await createWorkspace()
  const outside = join(workspace.root, '..', 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'secret.do'), 'display "outside"\n')
  await workspace.file('inside.do', 'display "inside"\n')
  await symlink('inside.do', join(workspace.root, 'link.do'))
  const gateway = await workspace.start()
  const flip = `const fs = require('fs')
    const [link, ...targets] = process.argv.slice(1)
    for (let i = 0; ; i += 1) {
      try { fs.unlinkSync(link + '.new') } catch {}
      fs.symlinkSync(targets[i % 2], link + '.new')
      fs.renameSync(link + '.new', link)
      if (i === 2) console.log('flipping')
    }`
  const targets = ['inside.do', join(outside, 'secret.do')]
  const flipper = spawn(process.execPath, ['-e', flip, join(workspace.root, 'link.do'), ...targets], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const statuses = new Set<number>()
  try {
    await once(flipper.stdout, 'data')
    for (let at = 0; at < 8; at += 1) {
      const responses = await Promise.all(
        Array.from({ length: 10 }, () => post(gateway.url, '/runs', { file: 'link.do' })),
      )
      for (const response of responses) {
        statuses.add(response.status)
        const body: unknown = await response.json()
        if (response.status !== 201) continue
        // Only the first few are let run on: what counts is which file was taken.
        const run = runSchema.parse(body)
        expect(run.file).toBe(join(workspace.root, 'inside.do'))
        if (at > 0) await fetch(`${gateway.url}/runs/${run.id}/cancel`, { method: 'POST' })
      }
    }
  } finally {
    flipper.kill('SIGKILL')
  }
  expect([...statuses].sort()).toEqual([201, 403])
  const ended = async () => (await runsOf(gateway.url)).every(({ state }) => isEnded(state))
  await expect.poll(ended, { timeout: 60_000 }).toBe(true)
  const logs = await Promise.all(
    (await readdir(join(workspace.dataDir, 'runs'))).map((id) =>
      readFile(join(workspace.dataDir, 'runs', id, 'run.log'), 'utf8').catch(() => ''),
    ),
  )
  expect(logs.some((log) => log.includes('inside'))).toBe(true)
  expect(logs.filter((log) => log.includes('outside'))).toEqual([])
})

test('a do-file that becomes a named pipe while its run goes on does not hold up the next gateway', async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const goOn = join(workspace.root, 'go-on')
  const script = `* engine: touch ${workspace.root}/started\n* engine: wait-for ${goOn}\n`
  const file = await workspace.file('piped.do', script)
  const first = await workspace.start({ stata })
  const { id } = runSchema.parse(await (await post(first.url, '/runs', { file })).json())
  await existing(join(workspace.root, 'started'))
  await first.stop('SIGKILL')
  await rm(file)
  await promisify(execFile)('mkfifo', [file])

  const second = await workspace.start({ stata })
  await workspace.file('go-on', '')
  const state = async () => runSchema.parse(await (await fetch(`${second.url}/runs/${id}`)).json()).state
  await expect.poll(state, { timeout: 20_000 }).toBe('succeeded')
})
