import { expect, test, vi } from 'vitest'
import * as z from 'zod'
import { stalledViewer } from '../testing/raw-viewer.ts'
import { eventsOf, readEvents } from '../testing/read-events.ts'
import { sampleOutcome } from '../testing/sample-run.ts'
import { startGateway } from '../testing/start-gateway.ts'

const succeeded = { state: 'succeeded', outcome: sampleOutcome() } as const

const envelopeSchema = z.object({ result: z.object({ data: z.unknown() }) })

function query(url: string, procedure: string, input: unknown): Promise<Response> {
  const given = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  return fetch(`${url}/trpc/${procedure}${given}`)
}

function mutate(url: string, procedure: string, input: unknown): Promise<Response> {
  return fetch(`${url}/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(input),
  })
}

test('a run is started by a mutation only', async () => {
  await using gateway = await startGateway()
  const started = await mutate(gateway.url, 'runs.start', { file: 'a.do' })
  expect([started.status, await started.json()]).toMatchObject([200, { result: { data: { id: 'run-1' } } }])
  const byGet = await query(gateway.url, 'runs.start', { file: 'a.do' })
  expect(byGet.status).toBe(405)
  expect(gateway.runs.started).toHaveLength(1)
})

test('follow yields tracked events, and returns behind the end', async () => {
  await using gateway = await startGateway()
  gateway.runs.add().lines('one').end(succeeded)
  const events = await readEvents(await query(gateway.url, 'runs.follow', { runId: 'run-1' }))
  expect(events.map(({ event, id }) => event ?? id)).toEqual([
    'connected',
    'run-1:0:0',
    'run-1:0:4',
    'run-1:0:4:end',
    'return',
  ])
  expect(JSON.parse(events[2]?.data ?? '')).toEqual({ type: 'lines', first: 1, start: 0, next: 4, text: ['one'] })
})

test('follow resumes behind the last event id, and is over at once behind the end', async () => {
  await using gateway = await startGateway()
  gateway.runs.add().lines('one').lines('two').end(succeeded)
  const resumed = await readEvents(
    await query(gateway.url, 'runs.follow', { runId: 'run-1', lastEventId: 'run-1:0:4' }),
  )
  expect(resumed.map(({ event, id }) => event ?? id)).toEqual([
    'connected',
    'run-1:0:4',
    'run-1:0:8',
    'run-1:0:8:end',
    'return',
  ])
  const over = await readEvents(
    await query(gateway.url, 'runs.follow', { runId: 'run-1', lastEventId: 'run-1:0:8:end' }),
  )
  expect(over.map(({ event }) => event)).toEqual(['connected', 'return'])
})

test.each([
  [{ runId: 'unknown' }, 'not-found', 404],
  [{ runId: 'run-1', lastEventId: 'garbage' }, 'bad-request', 400],
  [{ runID: 'run-1' }, 'bad-request', 400],
])('follow of %j is refused with a code that no client retries', async (input, code, httpStatus) => {
  await using gateway = await startGateway()
  gateway.runs.add()
  const events = await readEvents(await query(gateway.url, 'runs.follow', input))
  const refusal = events.find(({ event }) => event === 'serialized-error')
  expect(JSON.parse(refusal?.data ?? '')).toMatchObject({ data: { httpStatus, tailgate: { code } } })
})

test('errors carry our code and message, name the parameter, and never a stack', async () => {
  await using gateway = await startGateway()
  gateway.runs.add()
  const bad = await query(gateway.url, 'runs.lines', { runId: 'run-1', from: 0 })
  expect([bad.status, await bad.json()]).toMatchObject([
    400,
    {
      error: {
        message: expect.stringContaining('"from"'),
        data: { tailgate: { code: 'bad-request', details: { parameter: 'from' } } },
      },
    },
  ])
  const unknown = await query(gateway.url, 'runs.get', { runId: 'nope' })
  expect([unknown.status, await unknown.json()]).toMatchObject([
    404,
    { error: { data: { tailgate: { code: 'not-found' } } } },
  ])
  gateway.runs.get = () => {
    throw new Error('Internal error: /secret is broken')
  }
  const broken = await query(gateway.url, 'runs.get', { runId: 'run-1' })
  const text = await broken.text()
  expect(broken.status).toBe(500)
  expect(text).not.toContain('/secret')
  expect(text).not.toContain('"stack"')
})

test.each([
  [{ runId: 'run-1', from: 0 }, 'Bad parameter "from": must be at least 1.'],
  [{ runId: 'run-1', from: 'x' }, 'Bad parameter "from": must be a number.'],
  [{ from: 1 }, 'Parameter "runId" is missing.'],
])('lines with %j are refused for what is wrong with them', async (input, message) => {
  await using gateway = await startGateway()
  expect(await (await query(gateway.url, 'runs.lines', input)).json()).toMatchObject({ error: { message } })
})

test('queries answer what REST answers', async () => {
  await using gateway = await startGateway()
  gateway.runs.add()
  const data = async (procedure: string, input: unknown) => {
    const response = await query(gateway.url, procedure, input)
    expect(response.status).toBe(200)
    return envelopeSchema.parse(await response.json()).result.data
  }
  expect(await data('runs.list', { limit: 1 })).toMatchObject({ runs: [{ id: 'run-1' }], next: null })
  expect(await data('runs.list', undefined)).toMatchObject({ runs: [{ id: 'run-1' }] })
  expect(await data('files.list', undefined)).toHaveProperty('entries')
  expect(await data('runs.lines', { runId: 'run-1', count: 1 })).toMatchObject({ lines: [{ number: 1 }] })
  expect(await data('runs.search', { runId: 'run-1', q: 'x' })).toMatchObject({ matches: [{ text: 'x' }] })
  expect(await data('runs.artifacts', { runId: 'run-1' })).toEqual({ artifacts: [] })
  expect(await data('engine.info', undefined)).toMatchObject({ stata_available: false })
  const cancelled = await mutate(gateway.url, 'runs.cancel', { runId: 'run-1' })
  expect(await cancelled.json()).toMatchObject({ result: { data: { state: 'cancelling' } } })
})

test('a mutation that another site sends is refused', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/trpc/runs.start`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example' },
    body: JSON.stringify({ file: 'a.do' }),
  })
  expect([response.status, gateway.runs.started]).toEqual([403, []])
})

test('a body or a batch that is too large is refused', async () => {
  await using gateway = await startGateway()
  const large = await mutate(gateway.url, 'runs.start', { file: 'x'.repeat(3_000_000) })
  expect([large.status, await large.json()]).toMatchObject([
    413,
    { error: { data: { tailgate: { code: 'too-large' } } } },
  ])
  const many = Array(51).fill('engine.info').join(',')
  expect((await fetch(`${gateway.url}/trpc/${many}?batch=1&input=%7B%7D`)).status).toBe(400)
})

test('a viewer that leaves ends its follow', async () => {
  await using gateway = await startGateway()
  const run = gateway.runs.add()
  for await (const { id } of eventsOf(await query(gateway.url, 'runs.follow', { runId: 'run-1' }))) {
    if (id !== undefined) break
  }
  await vi.waitFor(() => expect(run.viewers).toBe(0))
})

test('a viewer that takes nothing is dropped', async () => {
  await using gateway = await startGateway({ stalledViewerMs: 300 })
  const run = gateway.runs.add()
  for (let i = 0; i < 100; i += 1) run.lines('x'.repeat(500_000))
  const input = encodeURIComponent(JSON.stringify({ runId: 'run-1' }))
  const socket = await stalledViewer(gateway.url, `/trpc/runs.follow?input=${input}`)
  await vi.waitFor(() => expect(run.viewers).toBe(1))
  await vi.waitFor(() => expect(run.viewers).toBe(0), { timeout: 10_000 })
  socket.destroy()
})

test('a closing gateway cuts a subscription, so that its client comes back instead of taking it for over', async () => {
  const gateway = await startGateway()
  gateway.runs.add()
  const response = await query(gateway.url, 'runs.follow', { runId: 'run-1' })
  const seen: (string | undefined)[] = []
  const read = (async () => {
    for await (const { event } of eventsOf(response)) seen.push(event)
  })()
  await vi.waitFor(() => expect(seen).toHaveLength(2))
  await gateway.http.close()
  await expect(read).rejects.toThrow()
  expect(seen).not.toContain('return')
})

test('HEAD runs no procedure', async () => {
  await using gateway = await startGateway()
  const run = gateway.runs.add()
  const follow = vi.spyOn(gateway.runs, 'follow')
  const response = await fetch(`${gateway.url}/trpc/runs.follow?input=${encodeURIComponent('{"runId":"run-1"}')}`, {
    method: 'HEAD',
  })
  expect([response.status, follow.mock.calls, run.viewers]).toEqual([204, [], 0])
})
