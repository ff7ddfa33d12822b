import { expect, test } from 'vitest'
import { expectUnharmed, startBystander } from '../harness/bystander.ts'
import { startFlood } from '../harness/flood.ts'
import { createWorkspace } from '../harness/workspace.ts'

test('requests that never come to an end are closed after their time (slowloris)', { timeout: 120_000 }, async () => {
  await using workspace = await createWorkspace()
  const gateway = await workspace.start()
  const bystander = await startBystander(gateway, workspace)
  const { host } = new URL(gateway.url)
  const json = 'Content-Type: application/json\r\nContent-Length: 1000\r\n'
  await using heads = startFlood(gateway.url, 500, `GET /runs HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `)
  await using bodies = startFlood(gateway.url, 500, `POST /login HTTP/1.1\r\nHost: ${host}\r\n${json}\r\n{`)
  expect(await heads.opened).toBe(0)
  await Promise.all([heads.closed, bodies.closed])
  expectUnharmed(await bystander.leave())
})
