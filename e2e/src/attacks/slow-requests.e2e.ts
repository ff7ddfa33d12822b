import { expect, test } from 'vitest'
import { expectUnharmed, startBystander } from '../harness/bystander.ts'
import { startFlood } from '../harness/flood.ts'
import { createWorkspace } from '../harness/workspace.ts'

/** As `server/src/security/limits.ts` has them: a head, and a whole request, must be here by then. */
const HEAD_MS = 10_000
const REQUEST_MS = 30_000

/** How much sooner a connection may seem to end: the gateway and the flood count from different moments. */
const SLACK_MS = 500

test('requests that never come to an end are closed after their time (slowloris)', { timeout: 120_000 }, async () => {
  await using workspace = await createWorkspace()
  const gateway = await workspace.start()
  const bystander = await startBystander(gateway, workspace)
  const { host } = new URL(gateway.url)
  const json = 'Content-Type: application/json\r\nContent-Length: 1000\r\n'
  await using heads = startFlood(gateway.url, 500, `GET /runs HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `)
  await using bodies = startFlood(gateway.url, 500, `POST /login HTTP/1.1\r\nHost: ${host}\r\n${json}\r\n{`)
  const [ofHeads, ofBodies] = await Promise.all([heads.closed, bodies.closed])
  for (const { answers } of [ofHeads, ofBodies]) expect(answers).toEqual(['HTTP/1.1 408 Request Timeout'])
  expect(ofHeads.soonestMs).toBeGreaterThan(HEAD_MS - SLACK_MS)
  expect(ofBodies.soonestMs).toBeGreaterThan(REQUEST_MS - SLACK_MS)
  expectUnharmed(await bystander.leave())
})
