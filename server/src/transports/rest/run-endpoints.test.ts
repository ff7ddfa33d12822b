import {
  errorBodySchema,
  healthSchema,
  linesPageSchema,
  runPageSchema,
  runSchema,
  searchPageSchema,
} from '@tailgate/shared'
import { expect, test } from 'vitest'
import { sampleOutcome } from '../testing/sample-run.ts'
import { startGateway } from '../testing/start-gateway.ts'

const succeeded = { state: 'succeeded', outcome: sampleOutcome() } as const

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

async function errorOf(response: Response) {
  expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
  return errorBodySchema.parse(await response.json()).error
}

test('POST /runs answers 201 with the run and where it is', async () => {
  await using gateway = await startGateway()
  const response = await post(`${gateway.url}/runs`, { file: 'a.do', args: ['x'], timeoutMs: 1_000 })
  expect([response.status, response.headers.get('Location')]).toEqual([201, '/runs/run-1'])
  expect(runSchema.parse(await response.json()).id).toBe('run-1')
  expect(gateway.runs.started).toEqual([{ file: 'a.do', args: ['x'], timeoutMs: 1_000 }])
})

test('the same run key, in the body or as Idempotency-Key, gives the same run with 200', async () => {
  await using gateway = await startGateway()
  const first = await post(`${gateway.url}/runs`, { file: 'a.do', runKey: 'k' })
  const again = await post(`${gateway.url}/runs`, { file: 'a.do' }, { 'Idempotency-Key': 'k' })
  const both = await post(`${gateway.url}/runs`, { file: 'a.do', runKey: 'k' }, { 'Idempotency-Key': 'k' })
  expect([first.status, again.status, both.status]).toEqual([201, 200, 200])
  expect(again.headers.get('Location')).toBe('/runs/run-1')
  expect(gateway.runs.started).toHaveLength(1)
})

test('two run keys that differ are refused, and one that is too long', async () => {
  await using gateway = await startGateway()
  const differ = await post(`${gateway.url}/runs`, { file: 'a.do', runKey: 'k' }, { 'Idempotency-Key': 'other' })
  expect(differ.status).toBe(400)
  expect((await errorOf(differ)).details).toEqual({ parameter: 'runKey' })
  const long = await post(`${gateway.url}/runs`, { file: 'a.do' }, { 'Idempotency-Key': 'x'.repeat(201) })
  expect(long.status).toBe(400)
  expect(gateway.runs.started).toEqual([])
})

const badRequests = [
  ['an unknown parameter', { fle: 'a.do', file: 'b.do' }, /Unknown parameter "fle"\. Known are: file, args,/],
  ['a missing one', {}, /Parameter "file" is missing\./],
  ['a wrong type', { file: 1 }, /Bad parameter "file": must be text\./],
  ['a number out of range', { file: 'a.do', timeoutMs: -1 }, /Bad parameter "timeoutMs": must be more than 0\./],
  ['a wrong part of a list', { file: 'a.do', args: ['x', 2] }, /Bad parameter "args\.1": must be text\./],
  ['no list', { file: 'a.do', args: 'x' }, /Bad parameter "args": must be a list\./],
  ['a list that is too long', { file: 'a.do', args: Array(101).fill('') }, /"args": must have at most 100 items\./],
  ['a text that is too long', { file: 'x'.repeat(5_000) }, /"file": must be at most 4096 characters long\./],
  ['a wrong flag', { file: 'a.do', cancelOnDisconnect: 'no' }, /"cancelOnDisconnect": must be true or false\./],
  ['no object', [], /^The parameters must be one JSON object\.$/],
  ['broken JSON', '{"file"', /The body is not JSON/],
] as const

test.each(badRequests)('%s in a body is named', async (_name, body, message) => {
  await using gateway = await startGateway()
  const response = await post(`${gateway.url}/runs`, body)
  expect(response.status).toBe(400)
  expect(await errorOf(response)).toMatchObject({ code: 'bad-request', message: expect.stringMatching(message) })
  expect(gateway.runs.started).toEqual([])
})

test('a body of another type is asked for as JSON', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/runs`, { method: 'POST', body: 'file=a.do' })
  expect(response.status).toBe(400)
  expect((await errorOf(response)).message).toContain('Content-Type: application/json')
})

test('a body that is too large is refused with 413', async () => {
  await using gateway = await startGateway()
  const response = await post(`${gateway.url}/runs`, { file: 'x'.repeat(3_000_000) })
  expect(response.status).toBe(413)
  expect((await errorOf(response)).code).toBe('too-large')
})

const badQueries = [
  ['/run_file', /Parameter "file_path" is missing/],
  ['/run_file?file_path=a&file_path=b', /"file_path" is given more than once/],
  ['/run_file?file_path=a&timeout=soon', /Bad parameter "timeout": must be a number\./],
  ['/run_file?file_path=a&timeout=-1', /Bad parameter "timeout": must be more than 0\./],
  ['/run_file?file_path=a&format=xml', /Bad parameter "format": must be "text" or "json"\./],
  ['/runs?limit=0', /Bad parameter "limit": must be at least 1\./],
  ['/runs?limit=501', /Bad parameter "limit": must be at most 500\./],
  ['/runs?limit=1.5', /Bad parameter "limit": must be a whole number\./],
  ['/runs?state=done', /Bad parameter "state": must be "queued", "starting", .* or "lost"\./],
  ['/runs/run-1/lines?from=0', /Bad parameter "from"/],
  ['/runs/run-1/lines?count=2001', /Bad parameter "count"/],
  ['/runs/run-1/search', /Parameter "q" is missing/],
  ['/runs/run-1/log?tail=x', /Bad parameter "tail"/],
  ['/runs/run-1/stream?form=json', /Unknown parameter "form"/],
  ['/runs/run-1/artifacts/x', /An artifact has a number/],
] as const

test.each(badQueries)('%s is a bad request that says why', async (path, message) => {
  await using gateway = await startGateway()
  gateway.runs.add()
  const response = await fetch(gateway.url + path)
  expect(response.status).toBe(400)
  expect((await errorOf(response)).message).toMatch(message)
})

test('runs are listed, and filtered by states', async () => {
  await using gateway = await startGateway()
  gateway.runs.add().end(succeeded)
  gateway.runs.add({ state: 'queued' })
  const all = runPageSchema.parse(await (await fetch(`${gateway.url}/runs`)).json())
  expect(all.runs.map(({ id }) => id)).toEqual(['run-2', 'run-1'])
  const ended = runPageSchema.parse(await (await fetch(`${gateway.url}/runs?state=succeeded,failed&limit=1`)).json())
  expect(ended.runs.map(({ id }) => id)).toEqual(['run-1'])
})

test('a run is looked at, cancelled, and forgotten once it has ended', async () => {
  await using gateway = await startGateway()
  const run = gateway.runs.add()
  const url = `${gateway.url}/runs/run-1`
  expect(runSchema.parse(await (await fetch(url)).json()).state).toBe('running')
  const cancelled = await fetch(`${url}/cancel`, { method: 'POST' })
  expect([cancelled.status, runSchema.parse(await cancelled.json()).state]).toEqual([202, 'cancelling'])
  const tooEarly = await fetch(url, { method: 'DELETE' })
  expect([tooEarly.status, (await errorOf(tooEarly)).code]).toEqual([409, 'conflict'])
  run.end({ state: 'cancelled' })
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(204)
  expect((await fetch(url)).status).toBe(404)
})

test('lines and matches come as pages', async () => {
  await using gateway = await startGateway()
  gateway.runs.add()
  const lines = await (await fetch(`${gateway.url}/runs/run-1/lines?from=7&count=2`)).json()
  expect(linesPageSchema.parse(lines).lines.map(({ number }) => number)).toEqual([7, 8])
  const found = await (await fetch(`${gateway.url}/runs/run-1/search?q=r(111)`)).json()
  expect(searchPageSchema.parse(found).matches).toEqual([{ number: 1, text: 'r(111)' }])
})

test.each(['', '/log', '/lines', '/search?q=x', '/artifacts', '/artifacts/0'])(
  'GET /runs/unknown%s is not found',
  async (path) => {
    await using gateway = await startGateway()
    const response = await fetch(`${gateway.url}/runs/unknown${path}`)
    expect([response.status, (await errorOf(response)).code]).toEqual([404, 'not-found'])
  },
)

test('health tells the engine and that it is not Stata', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/health`)
  expect(healthSchema.parse(await response.json())).toMatchObject({
    status: 'ok',
    version: '0.0.0-test',
    stata_available: false,
    engine: { kind: 'standin' },
    executor: 'local',
  })
})

test('an unknown address is JSON too', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/nothing/here`)
  expect([response.status, (await errorOf(response)).code]).toEqual([404, 'not-found'])
  const broken = await fetch(`${gateway.url}/runs/%E0%A4%A`)
  expect([broken.status, (await errorOf(broken)).code]).toEqual([400, 'bad-request'])
})

const methods = [
  ['PUT', '/run_file', 'GET, POST'],
  ['DELETE', '/runs', 'GET, HEAD, POST'],
  ['POST', '/runs/run-1', 'GET, HEAD, DELETE'],
  ['GET', '/runs/run-1/cancel', 'POST'],
  ['POST', '/runs/run-1/stream', 'GET, HEAD'],
  ['POST', '/health', 'GET, HEAD'],
] as const

test.each(methods)('%s %s is refused with the methods that there are', async (method, path, allow) => {
  await using gateway = await startGateway()
  const response = await fetch(gateway.url + path, { method })
  expect([response.status, response.headers.get('Allow')]).toEqual([405, allow])
  expect((await errorOf(response)).code).toBe('method-not-allowed')
  const options = await fetch(gateway.url + path, { method: 'OPTIONS' })
  expect([options.status, options.headers.get('Allow')]).toEqual([204, allow])
})

test('every answer has a request id and forbids sniffing', async () => {
  await using gateway = await startGateway()
  for (const path of ['/health', '/nothing', '/runs/x']) {
    const { headers } = await fetch(gateway.url + path)
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff')
  }
})

test('an error that nobody expected is told without its details', async () => {
  await using gateway = await startGateway()
  gateway.runs.get = () => {
    throw new Error('Internal error: /secret/path is broken')
  }
  const response = await fetch(`${gateway.url}/runs/run-1`)
  expect(response.status).toBe(500)
  expect(await errorOf(response)).toEqual({
    code: 'internal',
    message: 'Internal error: the gateway log has the details.',
  })
})
