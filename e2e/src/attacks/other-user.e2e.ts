import { createHash, randomUUID } from 'node:crypto'
import { chmod, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPageSchema } from '@tailgate/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatewayProcess } from '../harness/gateway-process.ts'
import { asStranger, canBeSomebodyElse, statusForStranger } from '../harness/other-user.ts'
import { tailgate } from '../harness/tailgate-command.ts'
import { createWorkspace, curl, type Workspace } from '../harness/workspace.ts'

/** Another user of the same machine, who reaches loopback like everybody else. */

describe.runIf(canBeSomebodyElse())('another user of this machine', () => {
  let workspace: Workspace
  let gateway: GatewayProcess
  let runId: string
  beforeAll(async () => {
    workspace = await createWorkspace()
    gateway = await workspace.start()
    await workspace.file('a.do', 'display "it ran"\n')
    const ran = await fetch(`${gateway.url}/run_file?file_path=a.do`)
    runId = ran.headers.get('X-Run-Id') ?? ''
    await ran.text()
  })
  afterAll(() => workspace[Symbol.asyncDispose]())

  const runs = async () => runPageSchema.parse(await (await fetch(`${gateway.url}/runs`)).json()).runs

  const everything = () => [
    ...['/runs', '/engine', '/health', '/metrics', '/whoami', '/trpc/engine.info', '/trpc/runs.list?input=%7B%7D'],
    ...['', '/stream', '/log', '/lines', '/search?q=ran', '/artifacts', '/artifacts/0'].map(
      (path) => `/runs/${runId}${path}`,
    ),
    ...['/run_file?file_path=a.do', '/run_file/stream?file_path=a.do'],
  ]

  test('sees nothing and starts nothing, where the gateway’s own user does both', async () => {
    for (const path of everything()) {
      expect([path, await statusForStranger(gateway.url + path)]).toEqual([path, 401])
    }
    const json = ['-H', 'Content-Type: application/json', '-d', '{"file":"a.do"}']
    expect(await statusForStranger(...json, `${gateway.url}/runs`)).toBe(401)
    expect(await statusForStranger(...json, `${gateway.url}/trpc/runs.start`)).toBe(401)
    expect(await statusForStranger('-X', 'POST', `${gateway.url}/runs/${runId}/cancel`)).toBe(401)
    expect(await statusForStranger('-X', 'DELETE', `${gateway.url}/runs/${runId}`)).toBe(401)
    expect((await runs()).map(({ id }) => id)).toEqual([runId])
  })

  test.each([
    ['X-Forwarded-For: 127.0.0.1'],
    ['X-Real-IP: 127.0.0.1'],
    ['Forwarded: for=127.0.0.1'],
    ['X-Remote-User: root'],
    ['Authorization: Basic cm9vdDpyb290'],
    ['Authorization: Bearer'],
    ['Authorization: Bearer null'],
    ['Authorization: Bearer tailgate_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['Cookie: tailgate=1; session=root'],
    ['Sec-Fetch-Site: same-origin'],
  ])('cannot talk itself in with %s', async (header) => {
    expect(await statusForStranger('-H', header, `${gateway.url}/runs`)).toBe(401)
  })

  test('cannot read the tokens, the records or the logs, though it may enter their directory', async () => {
    await chmod(join(workspace.dataDir, '..'), 0o755)
    await chmod(workspace.dataDir, 0o755)
    expect((await asStranger('ls', [workspace.dataDir])).stdout).toContain('tokens.json')
    for (const path of [
      'tokens.json',
      'audit.jsonl',
      'tailgate.sqlite',
      'tailgate.sqlite-wal',
      `runs/${runId}/run.log`,
    ]) {
      await stat(join(workspace.dataDir, path))
      expect(await asStranger('cat', [join(workspace.dataDir, path)])).toMatchObject({ stdout: '', code: 1 })
    }
    expect((await stat(join(workspace.dataDir, 'tokens.json'))).mode & 0o777).toBe(0o600)
  })

  test('comes in with a token, as its name and no further than its role, until it is revoked', async () => {
    const dataDir = ['--data-dir', workspace.dataDir]
    const [watch, run] = [
      (await tailgate('token', 'add', 'wendy', '--role', 'watch', ...dataDir)).stdout.trim(),
      (await tailgate('token', 'add', 'grace', ...dataDir)).stdout.trim(),
    ]
    const as = (token: string) => ['-H', `Authorization: Bearer ${token}`]
    expect(await statusForStranger(...as(watch), `${gateway.url}/runs`)).toBe(200)
    expect(await statusForStranger(...as(watch), `${gateway.url}/run_file?file_path=a.do`)).toBe(403)
    expect(await statusForStranger(...as(run), `${gateway.url}/run_file?file_path=a.do`)).toBe(200)
    const [latest] = await runs()
    expect(latest?.startedBy).toBe('grace')
    expect((await tailgate('token', 'revoke', 'grace', ...dataDir)).code).toBe(0)
    expect(await statusForStranger(...as(run), `${gateway.url}/runs`)).toBe(401)

    // A cookie made by whoever knows a token's digest, but not the key, is worth nothing.
    const digest = createHash('sha256').update(run).digest('hex')
    for (const name of ['tailgate_00000000', '__Host-tailgate_00000000']) {
      const forged = `${name}=${digest}.99999999999999.x.${'A'.repeat(43)}`
      expect(await statusForStranger('-H', `Cookie: ${forged}`, `${gateway.url}/runs`)).toBe(401)
    }
    const audit = (await readFile(join(workspace.dataDir, 'audit.jsonl'), 'utf8')).trim().split('\n')
    expect(audit.map((line) => JSON.parse(line))).toMatchObject([
      { action: 'start', by: 'root', runId, file: join(workspace.root, 'a.do') },
      { action: 'start', by: 'grace', runId: latest?.id },
    ])
  })

  test('guesses in vain: each of 500 tokens is refused, and the right one still serves', async () => {
    const { stdout } = await tailgate('token', 'add', 'ada', '--data-dir', workspace.dataDir)
    const token = stdout.trim()
    const guesses = Array.from({ length: 500 }, (_, i) =>
      i < token.length ? token.slice(0, i) : `${token.slice(0, -1)}${String.fromCharCode(48 + (i % 70))}${i}`,
    )
    const statuses = new Set<number>()
    for (let at = 0; at < guesses.length; at += 50) {
      const batch = guesses.slice(at, at + 50).map(async (guess) => {
        const response = await fetch(`${gateway.url}/runs`, { headers: { Authorization: `Bearer ${guess}` } })
        await response.arrayBuffer()
        statuses.add(response.status)
      })
      await Promise.all(batch)
    }
    expect([...statuses]).toEqual([401])
    expect((await fetch(`${gateway.url}/runs`, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200)
  })

  test('learns nothing of a token from how long its refusal takes', { timeout: 60_000 }, async () => {
    const token = (await tailgate('token', 'add', 'tim', '--data-dir', workspace.dataDir)).stdout.trim()
    const wrong = { first: `x${token.slice(1)}`, last: `${token.slice(0, -1)}${token.endsWith('x') ? 'y' : 'x'}` }
    const times: Record<keyof typeof wrong, number[]> = { first: [], last: [] }
    // In turns, so that whatever else slows the machine down slows both alike.
    for (let at = 0; at < 300; at += 1) {
      const which = at % 2 === 0 ? 'first' : 'last'
      const asked = performance.now()
      const response = await fetch(`${gateway.url}/runs`, { headers: { Authorization: `Bearer ${wrong[which]}` } })
      await response.arrayBuffer()
      times[which].push(performance.now() - asked)
      expect(response.status).toBe(401)
    }
    const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length / 2] ?? Number.NaN
    const [first, last] = [median(times.first), median(times.last)]
    expect(Math.abs(first - last) / Math.min(first, last)).toBeLessThan(0.25)
  })

  test('cannot even connect to a Unix socket', async () => {
    // Not in a directory that is closed to others anyway.
    const path = join(tmpdir(), `tailgate-${randomUUID()}.sock`)
    await using other = await createWorkspace()
    const socketGateway = await other.start({ args: ['--socket', path] })
    expect(socketGateway.url).toBe(`unix:${path}`)
    expect(await statusForStranger('--unix-socket', path, 'http://localhost/health/live')).toBe(0)
    const { stdout } = await tailgate('token', 'add', 'ada', '--data-dir', other.dataDir)
    const own = ['--unix-socket', path, 'http://localhost/whoami']
    expect(await curl(...own)).toMatch(/"code":"unauthorized"/)
    expect(await curl('-H', `Authorization: Bearer ${stdout.trim()}`, ...own)).toBe('{"name":"ada","role":"run"}')
    await socketGateway.stop()
    await expect(stat(path)).rejects.toThrow('ENOENT')
  })
})
