import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { EventSource } from 'eventsource'
import { expect, test } from 'vitest'
import { createOpenStreams } from '../security/open-streams.ts'
import { addToken, emptyTokenBook } from '../security/tokens.ts'
import { eventsOf } from './testing/read-events.ts'
import { ALLOWED_ORIGIN, access, startGateway } from './testing/start-gateway.ts'

function tokens() {
  let book = emptyTokenBook(randomBytes)
  const make = (name: string, role: 'run' | 'watch') => {
    const added = addToken(book, { name, role, createdAt: '' }, randomBytes)
    if (!added.ok) throw added.error
    book = added.value.book
    return added.value.token
  }
  const [run, watch] = [make('ada', 'run'), make('wendy', 'watch')]
  return { run, watch, gate: access({ auth: 'token', tokens: book }) }
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

test('without a credential everything about runs is refused, with what to do, before a body is read', async () => {
  await using gateway = await startGateway(tokens().gate)
  const run = gateway.runs.add()
  const addresses = [
    ...['/runs', `/runs/${run.run.id}`, `/runs/${run.run.id}/stream`, `/runs/${run.run.id}/log`, '/engine', '/health'],
    ...['/whoami', '/run_file?file_path=a.do', '/trpc/engine.info'],
  ]
  for (const address of addresses) {
    const response = await fetch(gateway.url + address)
    expect([address, response.status]).toEqual([address, 401])
    if (!address.startsWith('/trpc')) expect(response.headers.get('Connection')).toBe('close')
    await response.body?.cancel()
  }
  const response = await fetch(`${gateway.url}/runs`, {
    method: 'POST',
    body: '{',
    headers: { 'Content-Type': 'application/json' },
  })
  expect([response.status, response.headers.get('WWW-Authenticate')]).toEqual([401, 'Bearer realm="tailgate"'])
  expect(await response.json()).toMatchObject({ error: { code: 'unauthorized' } })
  expect(gateway.runs.started).toEqual([])
})

test('probes need no credential and tell nothing else', async () => {
  await using gateway = await startGateway(tokens().gate)
  for (const probe of ['/health/live', '/health/ready']) {
    const response = await fetch(gateway.url + probe)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  }
})

test('a token with the role watch looks and does nothing', async () => {
  const { watch, run, gate } = tokens()
  await using gateway = await startGateway(gate)
  const { id } = gateway.runs.add().run
  const headers = { ...bearer(watch), 'Content-Type': 'application/json' }
  const get = (path: string, init: RequestInit = {}) => fetch(gateway.url + path, { ...init, headers })
  expect((await get('/runs')).status).toBe(200)
  expect(await (await get('/whoami')).json()).toEqual({ name: 'wendy', role: 'watch' })
  expect((await get('/run_file?file_path=a.do')).status).toBe(403)
  expect((await get(`/runs/${id}/cancel`, { method: 'POST' })).status).toBe(403)
  expect((await get(`/runs/${id}`, { method: 'DELETE' })).status).toBe(403)
  expect((await get('/trpc/runs.start', { method: 'POST', body: '{"file":"a.do"}' })).status).toBe(403)
  expect(gateway.runs.started).toEqual([])
  const started = await fetch(`${gateway.url}/runs`, {
    method: 'POST',
    headers: { ...bearer(run), 'Content-Type': 'application/json' },
    body: '{"file":"a.do"}',
  })
  expect(started.status).toBe(201)
})

test('who logs in with a token or a one-time code comes in by cookie, until logged out', async () => {
  const { run, gate } = tokens()
  await using gateway = await startGateway(gate)
  const post = (path: string, body?: unknown, headers = {}) =>
    fetch(gateway.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const code = await gate.logins.issueCode()
  for (const credential of [{ token: run }, { code }]) {
    const login = await post('/login', credential)
    expect([login.status, await login.json()]).toEqual([200, { name: 'ada', role: 'run' }])
    const cookie = login.headers.getSetCookie()[0] ?? ''
    expect(cookie).toMatch(/^tailgate_[0-9a-f]{8}=.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/)
    const session = { Cookie: cookie.split(';')[0] ?? '' }
    expect((await fetch(`${gateway.url}/runs`, { headers: session })).status).toBe(200)
    const logout = await post('/logout', undefined, session)
    expect([logout.status, logout.headers.getSetCookie().every((ended) => ended.includes('Max-Age=0'))]).toEqual([
      204,
      true,
    ])
  }
  expect((await post('/login', { code })).status).toBe(401)
  expect((await post('/login', { token: `${run}x` })).status).toBe(401)
  expect((await post('/login', { token: run, code })).status).toBe(400)
  expect((await post('/login', { token: run }, { Origin: 'https://evil.example' })).status).toBe(403)
  expect((await post('/login', { token: run }, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await post('/login', { token: 'x'.repeat(5_000) })).status).toBe(413)
})

test('behind a TLS proxy the cookie insists on https', async () => {
  const { run, gate } = tokens()
  await using gateway = await startGateway(gate)
  const login = await fetch(`${gateway.url}/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: `https://${new URL(gateway.url).host}` },
    body: JSON.stringify({ token: run }),
  })
  expect(login.headers.getSetCookie()[0]).toMatch(/^__Host-tailgate_.*; Secure$/)
})

test('a foreign Host gets nothing, not even a page', async () => {
  await using gateway = await startGateway()
  const { port } = new URL(gateway.url)
  const statuses = ['/', '/health/live', '/login', '/runs', '/nowhere'].map(
    (path) =>
      new Promise((resolve) => {
        request({ port, path, headers: { Host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode)).end()
      }),
  )
  expect(await Promise.all(statuses)).toEqual([403, 403, 403, 403, 403])
})

test('pages of an allowed origin may call, after a preflight; others get no CORS at all', async () => {
  await using gateway = await startGateway()
  const preflight = (origin: string) =>
    fetch(`${gateway.url}/runs`, {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
    })
  const allowed = await preflight(ALLOWED_ORIGIN)
  expect([allowed.status, allowed.headers.get('Access-Control-Allow-Origin')]).toEqual([204, ALLOWED_ORIGIN])
  expect(allowed.headers.has('Access-Control-Allow-Credentials')).toBe(false)
  const read = await fetch(`${gateway.url}/runs`, { headers: { Origin: ALLOWED_ORIGIN } })
  expect([read.status, read.headers.get('Access-Control-Allow-Origin')]).toEqual([200, ALLOWED_ORIGIN])
  for (const origin of ['https://evil.example', 'null', `${ALLOWED_ORIGIN}.evil.example`]) {
    const refused = await fetch(`${gateway.url}/runs`, { headers: { Origin: origin } })
    expect([refused.status, refused.headers.has('Access-Control-Allow-Origin')]).toEqual([403, false])
    expect((await preflight(origin)).headers.has('Access-Control-Allow-Origin')).toBe(false)
  }
})

test('a caller who asks too often is told when to come back, and nobody else is kept waiting', async () => {
  const { run, watch, gate } = tokens()
  await using gateway = await startGateway({ ...gate, requestsPerMinute: 2 })
  const ask = (token: string, path = '/runs') => fetch(gateway.url + path, { headers: bearer(token) })
  expect([(await ask(run)).status, (await ask(run)).status]).toEqual([200, 200])
  const refused = await ask(run)
  expect([refused.status, await refused.json()]).toMatchObject([429, { error: { code: 'too-many-requests' } }])
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
  const call = await ask(run, '/trpc/engine.info')
  expect([call.status, await call.json()]).toMatchObject([
    429,
    { error: { data: { tailgate: { code: 'too-many-requests' } } } },
  ])
  expect((await ask('wrong')).status).toBe(401)
  expect((await ask(watch)).status).toBe(200)
})

test('a batch of calls is one request', async () => {
  await using gateway = await startGateway({ requestsPerMinute: 1 })
  const paths = Array.from({ length: 5 }, () => 'engine.info').join(',')
  const batch = await fetch(`${gateway.url}/trpc/${paths}?batch=1&input=%7B%7D`)
  expect([batch.status, await batch.json()]).toMatchObject([200, Array.from({ length: 5 }, () => ({ result: {} }))])
  expect((await fetch(`${gateway.url}/engine`)).status).toBe(429)
})

test('a stream too many is refused before anything starts, and the place of one that ended is free', async () => {
  await using gateway = await startGateway({ streams: createOpenStreams({ perCaller: 1, inAll: 10 }) })
  const run = gateway.runs.add()
  const address = `${gateway.url}/runs/${run.run.id}/stream`
  const first = await fetch(address)
  const second = await fetch(address)
  expect([second.status, second.headers.get('Retry-After')]).toEqual([429, '15'])
  expect((await fetch(`${gateway.url}/run_file?file_path=a.do`)).status).toBe(429)
  expect(gateway.runs.started).toEqual([])
  const follow = await fetch(`${gateway.url}/trpc/runs.follow?input=${encodeURIComponent(`{"runId":"${run.run.id}"}`)}`)
  expect(await follow.text()).toMatch(/event: serialized-error\ndata: .*"code":"too-many-requests"/)
  run.end({ state: 'cancelled' })
  for await (const _event of eventsOf(first)) void 0
  expect((await fetch(address)).status).toBe(200)
})

test('a reconnecting EventSource is not refused but asked to come back later, and does', async () => {
  const streams = createOpenStreams({ perCaller: 1, inAll: 10 })
  await using gateway = await startGateway({ streams })
  const run = gateway.runs.add().lines('one')
  const taken = streams.open('address 127.0.0.1')
  if (!taken.ok) throw taken.error
  const address = `${gateway.url}/runs/${run.run.id}/stream`
  const refused = await fetch(address, { headers: { 'Last-Event-ID': `${run.run.id}:0:0` } })
  expect([refused.status, refused.headers.get('Content-Type'), await refused.text()]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    'retry: 15000\n\n: the gateway is busy; come back with the last id\n\n',
  ])
  // The library takes what a browser does; only its patience is shortened here.
  const hurried: typeof fetch = async (input, init) => {
    const response = await fetch(input, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init?.headers)), 'Last-Event-ID': `${run.run.id}:0:0` },
    })
    const body = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(
      new TransformStream<string, string>({
        transform: (text, controller) => controller.enqueue(text.replace('retry: 15000', 'retry: 10')),
      }),
    )
    return new Response(body?.pipeThrough(new TextEncoderStream()) ?? null, response)
  }
  const source = new EventSource(address, { fetch: hurried })
  const seen = Promise.withResolvers<string>()
  source.onmessage = ({ data }) => seen.resolve(String(data))
  await new Promise((resolve) => source.addEventListener('error', resolve, { once: true }))
  taken.value[Symbol.dispose]()
  expect(await seen.promise).toBe('one')
  source.close()
})
