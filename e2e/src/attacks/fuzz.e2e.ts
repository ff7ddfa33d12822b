import { Agent, request } from 'node:http'
import { errorBodySchema, runPageSchema } from '@tailgate/shared'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bystander, expectUnharmed, startBystander } from '../harness/bystander.ts'
import type { GatewayProcess } from '../harness/gateway-process.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'

/** Requests that nobody meant: each is answered, none is a bug of ours, and somebody else goes on watching. */

const REQUESTS = 10_000
/** Sent at the same time. */
const AT_ONCE = 32

let workspace: Workspace
let gateway: GatewayProcess
let bystander: Bystander
let runId: string
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
beforeAll(async () => {
  workspace = await createWorkspace()
  gateway = await workspace.start({ args: ['--max-requests', '10000000', '--max-running', '1'] })
  await workspace.file('a.do', 'display 1\n')
  const ended = await fetch(`${gateway.url}/run_file?file_path=a.do`)
  runId = ended.headers.get('X-Run-Id') ?? ''
  await ended.text()
  bystander = await startBystander(gateway, workspace)
})
afterAll(async () => {
  agent.destroy()
  try {
    expectUnharmed(await bystander.leave())
    const { runs } = runPageSchema.parse(await (await fetch(`${gateway.url}/runs`)).json())
    expect(runs.map(({ file }) => file)).toEqual([`${workspace.root}/beats.do`, `${workspace.root}/a.do`])
    const bugs = gateway
      .stderr()
      .split('\n')
      .filter((line) => line.includes('"level":50'))
    expect(bugs).toEqual([])
  } finally {
    await workspace[Symbol.asyncDispose]()
  }
}, 60_000)

type Answer = { readonly status: number; readonly type: string; readonly body: string }
type Question = {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The answer; of a stream that goes on, what has come up to its first event or its refusal. */
function send({ method, path, headers = {}, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Without a length Node would send the body of some methods as if it were the next request.
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
    const sent = request(gateway.url, { method, path, headers: { ...headers, ...length }, agent }, (response) => {
      const type = response.headers['content-type'] ?? ''
      const answer = (text: string) => resolve({ status: response.statusCode ?? 0, type, body: text })
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        if (!type.startsWith('text/event-stream') || !/^(event: serialized-error|id: )/m.test(text)) return
        answer(text)
        sent.destroy()
      })
      response.once('end', () => answer(text)).once('error', () => answer(text))
    })
    sent.once('error', reject).end(body)
  })
}

const json = { 'Content-Type': 'application/json' }

test('malformed tRPC calls and batches are refused as bad requests', async () => {
  const calls: Question[] = [
    ...[
      '',
      ',',
      ',,,',
      'runs',
      'runs.',
      '.',
      'runs.get,',
      '__proto__',
      'constructor',
      'runs.__proto__',
      'toString',
      '%00',
      '../runs.get',
    ],
    ...['runs.follow,runs.follow', `${'runs.get,'.repeat(49)}runs.get`, `${'runs.get,'.repeat(500)}runs.get`],
  ].flatMap((path) =>
    [
      '',
      '?batch=1',
      '?batch=1&input=',
      '?batch=1&input=%7B',
      '?batch=1&input=[]',
      '?batch=1&input=null',
      '?batch=2&input={}',
    ].map((query) => ({ method: 'GET', path: `/trpc/${path}${query}` })),
  )
  const inputs = [
    '{}',
    '{"0":null}',
    '{"0":{"runId":{"$ne":1}}}',
    '{"0":{"__proto__":{"a":1}}}',
    '{"-1":1}',
    '[1]',
    '"x"',
    '1e999',
    'true',
  ]
  for (const input of inputs) {
    calls.push({ method: 'GET', path: `/trpc/runs.get?batch=1&input=${encodeURIComponent(input)}` })
    calls.push({ method: 'GET', path: `/trpc/runs.follow?input=${encodeURIComponent(input)}` })
    calls.push({ method: 'GET', path: `/trpc/runs.follow?input={}&connectionParams=${encodeURIComponent(input)}` })
    for (const path of ['runs.start', 'runs.start?batch=1', 'runs.cancel,runs.start?batch=1', 'runs.get']) {
      calls.push({ method: 'POST', path: `/trpc/${path}`, headers: json, body: input })
      calls.push({
        method: 'POST',
        path: `/trpc/${path}`,
        headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
        body: input,
      })
      calls.push({
        method: 'POST',
        path: `/trpc/${path}`,
        headers: { 'Content-Type': 'application/octet-stream' },
        body: input,
      })
    }
  }
  const wrong: unknown[] = []
  for (const call of calls) {
    const { status, body } = await send(call)
    // A subscription is refused within its stream.
    const refused = (status >= 400 && status < 500) || status === 207 || /^event: serialized-error$/m.test(body)
    if (!refused || /\bat .*\.[jt]s:\d+/.test(body)) wrong.push([call, status, body.slice(0, 200)])
  }
  expect(wrong).toEqual([])
})

/** Parts of addresses and values, right ones and wrong ones. */
const word = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('runs', 'run_file', 'stream', 'log', 'lines', 'search', 'artifacts', 'cancel', 'engine'),
  },
  fc.constantFrom(
    'health',
    'live',
    'ready',
    'metrics',
    'whoami',
    'trpc',
    'runs.get',
    'runs.list',
    'runs.follow',
    'login',
    'files',
  ),
  fc.constantFrom(
    '..',
    '.',
    '',
    '%00',
    '%2e%2e',
    '%ff',
    '%',
    '*',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    '-1',
    '1e9',
    '0',
    'null',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed())),
)
const name = fc.oneof(
  fc.constantFrom(
    'file_path',
    'timeout',
    'working_dir',
    'args',
    'format',
    'run_key',
    'cancel_on_disconnect',
    'cursor',
    'lastEventId',
  ),
  fc.constantFrom(
    'from',
    'count',
    'limit',
    'q',
    'state',
    'tail',
    'batch',
    'input',
    'maxChars',
    'direction',
    'kind',
    'path',
    'file',
  ),
  word,
)
/** Addresses that there are; RUN stands for a run that has ended. */
const route = fc.constantFrom(
  ...[
    '/runs',
    '/runs/RUN',
    '/engine',
    '/health',
    '/whoami',
    '/metrics',
    '/files',
    '/run_file',
    '/run_file/stream',
    '/login',
  ],
  ...['stream', 'log', 'lines', 'marks', 'search', 'source', 'artifacts', 'artifacts/0', 'cancel'].map(
    (what) => `/runs/RUN/${what}`,
  ),
  ...['runs.get', 'runs.list', 'runs.follow', 'runs.lines', 'runs.search', 'engine.info'].map(
    (call) => `/trpc/${call}`,
  ),
)
const path = fc
  .tuple(
    fc.oneof(
      route,
      fc.array(word, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.join('/')}`),
    ),
    fc.array(fc.tuple(name, word), { maxLength: 4 }),
  )
  .map(([where, query]) => where + query.map(([key, value], i) => `${i === 0 ? '?' : '&'}${key}=${value}`).join(''))
const headers = fc.dictionary(
  fc.constantFrom(
    'Content-Type',
    'Last-Event-ID',
    'Range',
    'If-Range',
    'If-None-Match',
    'Idempotency-Key',
    'Origin',
    'Cookie',
    'Accept',
    'Expect',
  ),
  fc.oneof(
    fc.constantFrom(
      'application/json',
      'text/plain',
      'bytes=0-',
      'bytes=-1',
      'bytes=5-1,9-2',
      '*',
      'null',
      '01ARZ3NDEKTSV4RRFFQ69G5FAV:0:0',
    ),
    fc.string({ unit: fc.constantFrom(...' !"#$%&()*+,-./09:;<=>?@AZ[]^_`az{|}~'), maxLength: 40 }),
  ),
  { maxKeys: 4 },
)
const body = fc.option(
  fc.oneof(
    fc.json(),
    fc.string({ maxLength: 60 }),
    fc
      .record({ file: fc.string(), args: fc.anything(), runKey: fc.anything() }, { requiredKeys: [] })
      .map((value) => JSON.stringify(value) ?? ''),
  ),
  { nil: undefined },
)
const method = fc.constantFrom(
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PUT',
  'PATCH',
  'TRACE',
  'PROPFIND',
)

test(`each of ${REQUESTS.toLocaleString('en')} random requests is answered, and none by "internal"`, {
  timeout: 120_000,
}, async () => {
  const seed = Number(process.env.TAILGATE_TEST_SEED ?? Date.now() % 2 ** 31)
  console.log(`fuzz.e2e.ts: seed ${seed}`)
  const questions = fc.sample(fc.record({ method, path, headers, body }), { seed, numRuns: REQUESTS })
  const wrong: unknown[] = []
  const statuses = new Map<number, number>()
  const ask = async (question: (typeof questions)[number]) => {
    const { body: sentBody, ...rest } = question
    // To forget the run is the one request that would spoil those after it.
    const path = rest.path.replace('RUN', rest.method === 'DELETE' ? 'none' : runId)
    const filled = { ...rest, path, ...(sentBody === undefined ? {} : { body: sentBody }) }
    const {
      status,
      type,
      body: text,
    } = await send(filled).catch((error: unknown) => ({
      status: 0,
      type: '',
      body: String(error),
    }))
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    const isError = status >= 400 && type.startsWith('application/json') && question.method !== 'HEAD'
    const isOurs = !isError || question.path.includes('trpc') || errorBodySchema.safeParse(JSON.parse(text)).success
    if (status === 0 || status >= 500 || !isOurs) wrong.push([question, status, text.slice(0, 200)])
  }
  const queue = questions.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const question of queue) await ask(question)
    }),
  )
  expect(wrong.slice(0, 5)).toEqual([])
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS)
  expect(statuses.get(200)).toBeGreaterThan(100)
  expect(statuses.get(404)).toBeGreaterThan(100)
})
