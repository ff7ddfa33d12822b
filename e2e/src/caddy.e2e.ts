import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { hasCaddy, startCaddy } from './harness/caddy.ts'
import { tailgate } from './harness/tailgate-command.ts'
import { expectTickByTick } from './harness/tick-by-tick.ts'
import { createWorkspace, curl } from './harness/workspace.ts'

describe.runIf(hasCaddy())('behind Caddy with the documented Caddyfile', () => {
  test('a run streams line by line and tick by tick, and only to who has a token', { timeout: 60_000 }, async () => {
    await using workspace = await createWorkspace()
    const socket = join(workspace.root, '..', 'gateway.sock')
    await workspace.start({ args: ['--socket', socket, '--allow-host', 'tailgate.example.org'] })
    const token = (await tailgate('token', 'add', 'ada', '--data-dir', workspace.dataDir)).stdout.trim()
    const bearer = ['-H', `Authorization: Bearer ${token}`]
    await using caddy = await startCaddy(socket)
    const status = (...args: string[]) =>
      curl(...caddy.curlArgs, '-o', '/dev/null', '-w', '%{http_code}', ...args, `${caddy.url}/runs`)
    expect(await status()).toBe('401')
    expect(await status(...bearer)).toBe('200')
    await expectTickByTick(workspace, caddy.url, [...caddy.curlArgs, ...bearer])
  })
})
