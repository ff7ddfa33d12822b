import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { MAX_PATH_LENGTH } from '@tailgate/shared'
import { EventSource } from 'eventsource'
import { expect, test, vi } from 'vitest'
import { eventsOf, readEvents } from '../testing/read-events.ts'
import { sampleOutcome } from '../testing/sample-run.ts'
import { startGateway } from '../testing/start-gateway.ts'

const run = promisify(execFile)
const succeeded = { state: 'succeeded', outcome: sampleOutcome() } as const

test('curl shows a run from its first line to its end', async () => {
  await using gateway = await startGateway()
  const curl = run('curl', ['-sN', `${gateway.url}/run_file?file_path=/projects/streaming.do`])
  await vi.waitFor(() => gateway.runs.latest())
  gateway.runs.latest().lines('Starting test...').tick(2_000).lines('Iteration 2', '').end(succeeded)
  const { stdout } = await curl
  expect(stdout.slice(0, stdout.indexOf('event: end'))).toBe(
    [
      'retry: 2000\n',
      'id: run-1:0:0\ndata: Starting execution of streaming.do...\n',
      'id: run-1:0:17\ndata: Starting test...\n',
      'id: run-1:0:17\ndata: Executing... 2.0s elapsed\n',
      'id: run-1:0:30\ndata: Iteration 2\ndata: \n',
      'data: *** Execution completed ***\n\n',
    ].join('\n'),
  )
  expect(stdout).toMatch(/event: end\nid: run-1:0:30:end\ndata: \{"type":"end",.*\}\n\n$/)
})

test('the headers keep proxies from storing and buffering, and name the run', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/run_file?file_path=a.do`)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    'x-run-id': 'run-1',
    'x-content-type-options': 'nosniff',
  })
  await response.body?.cancel()
})

test('the first bytes come before the run has done anything', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/run_file?file_path=a.do`)
  for await (const event of eventsOf(response)) {
    expect(event).toMatchObject({ id: 'run-1:0:0', data: 'Starting execution of a.do...' })
    break
  }
})

test('json carries every event, the first is the run', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/run_file/stream?file_path=a.do&format=json`)
  gateway.runs.latest().lines('a\rb').emit({ type: 'partial', line: 2, text: '..' }).end(succeeded)
  const events = await readEvents(response)
  expect(events.map(({ event }) => event)).toEqual(['run', 'lines', 'partial', 'end'])
  expect(JSON.parse(events[1]?.data ?? '')).toEqual({ type: 'lines', first: 1, start: 0, next: 4, text: ['a\rb'] })
})

test('the parameters of the façade reach the run', async () => {
  await using gateway = await startGateway()
  const query = 'file_path=a.do&timeout=1.5&working_dir=/w&args=x&args=y%20z&run_key=k&cancel_on_disconnect=1'
  const byQuery = await fetch(`${gateway.url}/run_file?${query}`)
  await byQuery.body?.cancel()
  const byBody = await fetch(`${gateway.url}/run_file`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ file_path: 'b.do', timeout: 2, args: ['x'], cancel_on_disconnect: true }),
  })
  await byBody.body?.cancel()
  expect(gateway.runs.started).toEqual([
    { file: 'a.do', timeoutMs: 1_500, workingDir: '/w', args: ['x', 'y z'], runKey: 'k', cancelOnDisconnect: true },
    { file: 'b.do', timeoutMs: 2_000, args: ['x'], cancelOnDisconnect: true },
  ])
})

test('a refusal names the parameter as the façade has it', async () => {
  await using gateway = await startGateway()
  const response = await fetch(`${gateway.url}/run_file?file_path=missing.do`)
  expect([response.status, await response.json()]).toMatchObject([
    404,
    { error: { code: 'not-found', details: { parameter: 'file_path', looked: 1 } } },
  ])
})

test('the longest path fits into an address', async () => {
  await using gateway = await startGateway()
  const file = '/é'.repeat(MAX_PATH_LENGTH / 2)
  const response = await fetch(`${gateway.url}/run_file?file_path=${encodeURIComponent(file)}`)
  expect(response.status).toBe(200)
  await response.body?.cancel()
  expect(gateway.runs.started).toEqual([{ file }])
})

test('a reconnect resumes behind its last event and starts nothing', async () => {
  await using gateway = await startGateway()
  const known = gateway.runs.add().lines('one').lines('two').end(succeeded)
  const query = 'file_path=a.do&format=json'
  for (const path of [`/run_file?${query}`, `/run_file/stream?${query}`, '/runs/run-1/stream?format=json']) {
    const response = await fetch(gateway.url + path, { headers: { 'Last-Event-ID': 'run-1:0:4' } })
    const events = await readEvents(response)
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ['run', 'run-1:0:4'],
      ['lines', 'run-1:0:8'],
      ['end', 'run-1:0:8:end'],
    ])
  }
  expect(gateway.runs.started).toEqual([])
  expect(known.viewers).toBe(0)
})

test.each(['garbage', '', 'run-1:0:4:end', 'unknown:0:0'])(
  'a reconnect with the last event id %j gets 204 and starts nothing',
  async (lastEventId) => {
    await using gateway = await startGateway()
    gateway.runs.add().lines('one').end(succeeded)
    const id = encodeURIComponent(lastEventId)
    for (const path of ['/run_file?file_path=a.do', '/runs/run-1/stream?', '/runs/unknown/stream?']) {
      const byHeader = await fetch(gateway.url + path, { headers: { 'Last-Event-ID': lastEventId } })
      const byParameter = await fetch(`${gateway.url}${path}&lastEventId=${id}`)
      expect([byHeader.status, byParameter.status]).toEqual([204, 204])
    }
    expect(gateway.runs.started).toEqual([])
  },
)

test('EventSource reconnects without a second run, misses nothing and stops for good after the end', async () => {
  await using gateway = await startGateway()
  const asked: (string | null)[] = []
  const source = new EventSource(`${gateway.url}/run_file?file_path=a.do`, {
    fetch: (url, init) => {
      asked.push(new Headers(init.headers).get('Last-Event-ID'))
      // Asked for at once instead of after the reconnect delay; the gateway's answer is real.
      return fetch(url, init)
    },
  })
  const data: string[] = []
  source.onmessage = (message) => data.push(message.data)
  await once(source, 'open')
  gateway.runs.latest().lines('one')
  await vi.waitFor(() => expect(data).toContain('one'))
  gateway.runs.latest().lines('two').end(succeeded)
  await vi.waitFor(() => expect(source.readyState).toBe(EventSource.CLOSED), { timeout: 10_000 })
  expect(asked).toEqual([null, 'run-1:0:8:end'])
  expect(data).toEqual(['Starting execution of a.do...', 'one', 'two', '*** Execution completed ***'])
  expect(gateway.runs.started).toHaveLength(1)
})

test('a stream of a run begins at the beginning, or at the cursor that is asked for', async () => {
  await using gateway = await startGateway()
  gateway.runs.add({ file: '/p/a.do' }).lines('one').lines('two').end(succeeded)
  const whole = await readEvents(await fetch(`${gateway.url}/runs/run-1/stream`))
  expect(whole.map(({ data }) => data).slice(0, 3)).toEqual(['Starting execution of a.do...', 'one', 'two'])
  const rest = await readEvents(await fetch(`${gateway.url}/runs/run-1/stream?cursor=run-1:0:4`))
  expect(rest.map(({ data }) => data)[0]).toBe('two')
  const over = await fetch(`${gateway.url}/runs/run-1/stream?cursor=run-1:0:8:end`)
  expect(over.status).toBe(204)
})

test('a bad cursor and an unknown run are told to who asks for them', async () => {
  await using gateway = await startGateway()
  gateway.runs.add()
  const refusal = async (path: string) => {
    const response = await fetch(gateway.url + path)
    return [response.status, await response.json()]
  }
  expect(await refusal('/runs/run-1/stream?cursor=garbage')).toMatchObject([400, { error: { code: 'bad-request' } }])
  expect(await refusal('/runs/run-1/stream?cursor=other:0:0')).toMatchObject([400, { error: { code: 'bad-request' } }])
  expect(await refusal('/runs/nope/stream')).toMatchObject([404, { error: { code: 'not-found' } }])
  expect(await refusal('/runs/nope/stream?cursor=nope:0:0')).toMatchObject([404, { error: { code: 'not-found' } }])
  expect(await refusal('/run_file?file_path=missing.do')).toMatchObject([404, { error: { code: 'not-found' } }])
})

const unasked: readonly [string, string, Record<string, string>, number][] = [
  ['HEAD', 'HEAD', {}, 405],
  ['PUT', 'PUT', {}, 405],
  ['a prefetch', 'GET', { 'Sec-Purpose': 'prefetch;prerender' }, 403],
  ['an old prefetch', 'GET', { Purpose: 'prefetch' }, 403],
  ['another site', 'GET', { 'Sec-Fetch-Site': 'cross-site' }, 403],
  ['a sister site', 'GET', { 'Sec-Fetch-Site': 'same-site' }, 403],
  ['another origin', 'GET', { Origin: 'https://evil.example' }, 403],
  ['an opaque origin', 'GET', { Origin: 'null' }, 403],
]

test.each(unasked)('%s starts no run', async (_name, method, headers, status) => {
  await using gateway = await startGateway()
  for (const path of ['/run_file?file_path=a.do', '/run_file/stream?file_path=a.do']) {
    // curl, since fetch does not let these headers be set.
    const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
    const verb = method === 'HEAD' ? ['--head'] : ['-X', method]
    const { stdout } = await run('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      ...verb,
      ...flags,
      gateway.url + path,
    ])
    expect(Number(stdout)).toBe(status)
  }
  expect(gateway.runs.started).toEqual([])
})

test('the own origin may start a run', async () => {
  await using gateway = await startGateway()
  const args = ['-sN', '-H', `Origin: ${gateway.url}`, `${gateway.url}/run_file?file_path=a.do`]
  const curl = run('curl', args)
  await vi.waitFor(() => gateway.runs.latest())
  gateway.runs.latest().end(succeeded)
  expect((await curl).stdout).toContain('*** Execution completed ***')
})
