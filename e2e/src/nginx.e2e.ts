import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatewayProcess } from './harness/gateway-process.ts'
import { hasNginx, type Nginx, startNginx } from './harness/nginx.ts'
import { tailgate } from './harness/tailgate-command.ts'
import { expectTickByTick } from './harness/tick-by-tick.ts'
import { createWorkspace, curl, type Workspace } from './harness/workspace.ts'

describe.runIf(hasNginx())('behind nginx with its default configuration and the documented lines', () => {
  let workspace: Workspace
  let gateway: GatewayProcess
  let nginx: Nginx
  let token: string
  beforeAll(async () => {
    workspace = await createWorkspace()
    const socket = join(workspace.root, '..', 'gateway.sock')
    gateway = await workspace.start({ args: ['--socket', socket, '--allow-host', 'tailgate.example.org'] })
    token = (await tailgate('token', 'add', 'ada', '--data-dir', workspace.dataDir)).stdout.trim()
    nginx = await startNginx(socket)
  })
  afterAll(async () => {
    await nginx[Symbol.asyncDispose]()
    await workspace[Symbol.asyncDispose]()
  })

  const as = (secret: string) => ['-H', `Authorization: Bearer ${secret}`]
  const through = (path: string, ...args: string[]) => curl(...nginx.curlArgs, ...args, nginx.url + path)

  test('a run streams line by line and tick by tick', { timeout: 60_000 }, async () => {
    await expectTickByTick(workspace, nginx.url, [...nginx.curlArgs, ...as(token)])
  })

  test('nobody comes in without a token, and no token is logged', async () => {
    const status = ['-o', '/dev/null', '-w', '%{http_code}']
    expect(await through('/runs', ...status)).toBe('401')
    expect(await through('/runs', ...status, ...as(`${token}x`))).toBe('401')
    expect(await through('/runs', ...status, ...as(token))).toBe('200')
    expect(await through('/runs', ...status, ...as(token), '-H', 'Host: evil.example')).toBe('403')
    const logs = (await nginx.accessLog()) + gateway.stderr()
    expect(logs).toContain('/runs')
    expect(logs).not.toContain(token)
  })

  test('a login from the dashboard’s own page gets a cookie that insists on https', async () => {
    const login = (origin: string) =>
      through(
        '/login',
        ...['-i', '-X', 'POST', '-H', 'Content-Type: application/json', '-H', `Origin: ${origin}`],
        ...['-d', JSON.stringify({ token })],
      )
    const answer = await login(nginx.url)
    const cookie = /^set-cookie: (__Host-tailgate_[^;]+); .*HttpOnly; SameSite=Strict; Secure\r$/im.exec(answer)?.[1]
    expect(await through('/whoami', '-b', cookie ?? '')).toBe('{"name":"ada","role":"run"}')
    expect(await login('https://evil.example')).toMatch(/^HTTP\/1\.1 403 /)
  })

  test('the longest path and the largest body reach the gateway, which answers in its own words', async () => {
    const longest = encodeURIComponent('変'.repeat(4_000))
    expect(await through(`/run_file?file_path=${longest}.do`, ...as(token))).toMatch(/"code":"(bad-request|not-found)"/)
    const body = join(workspace.root, 'body.json')
    await workspace.file('body.json', JSON.stringify({ file: 'x'.repeat(1_900_000) }))
    const post = ['-X', 'POST', '-H', 'Content-Type: application/json', '--data-binary', `@${body}`]
    expect(await through('/runs', ...post, ...as(token))).toMatch(/"code":"bad-request"/)
  })
})
