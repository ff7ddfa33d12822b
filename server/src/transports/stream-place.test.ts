import { err, TailgateError } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { createOpenStreams } from '../security/open-streams.ts'
import type { RequestGuard } from '../security/request-guard.ts'
import { FakeRunService } from './testing/fake-run-service.ts'
import { fakeDependencies, startGateway } from './testing/start-gateway.ts'

const followOf = (runId: string) => `/trpc/runs.follow?input=${encodeURIComponent(JSON.stringify({ runId }))}`

const streamOf = (runId: string) => `/runs/${runId}/stream`

test.each([
  ['over SSE', streamOf, { authorization: 'Bearer shown' }],
  ['over SSE, by a login,', streamOf, { cookie: 'tailgate=shown' }],
  ['over tRPC', followOf, { authorization: 'Bearer shown' }],
])('a stream %s is cut once its caller is no longer let in, and not before', async (_, addressOf, headers) => {
  const { guard } = fakeDependencies(new FakeRunService())
  let revoked = false
  let looked = 0
  const revocable: RequestGuard = async (request, access) => {
    looked += 1
    return revoked && access !== 'page' ? err(new TailgateError('unauthorized', 'revoked')) : guard(request, access)
  }
  const streams = createOpenStreams({ perCaller: 10, inAll: 10 })
  await using gateway = await startGateway({ guard: revocable, heartbeatMs: 20, streams })
  const { run } = gateway.runs.add().lines('one')
  const response = await fetch(gateway.url + addressOf(run.id), { headers })
  const reader = response.body?.getReader()
  await reader?.read()
  const before = looked
  await expect.poll(() => looked).toBeGreaterThan(before + 2)
  expect(streams.count).toBe(1)
  revoked = true
  const rest = async () => {
    for (;;) if ((await reader?.read())?.done !== false) return 'ended'
  }
  await expect(rest()).rejects.toThrow('terminated')
  await expect.poll(() => streams.count).toBe(0)
})

test('nothing is asked again about a caller who showed nothing that could be revoked', async () => {
  const { guard } = fakeDependencies(new FakeRunService())
  let looked = 0
  const counted: RequestGuard = (request, access) => {
    looked += 1
    return guard(request, access)
  }
  await using gateway = await startGateway({ guard: counted, heartbeatMs: 20 })
  const response = await fetch(gateway.url + streamOf(gateway.runs.add().run.id))
  const before = looked
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    if (text.split(': still here').length > 4) break
  }
  expect(looked).toBe(before)
})
