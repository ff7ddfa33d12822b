import { once } from 'node:events'
import { connect } from 'node:net'
import { Writable } from 'node:stream'
import { ok } from '@tailgate/shared'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import { eventsOf } from './testing/read-events.ts'
import { startGateway, type TestGateway } from './testing/start-gateway.ts'

const portOf = (gateway: TestGateway) => Number(new URL(gateway.url).port)

test('a port that is taken is one readable message with the way out', async () => {
  await using gateway = await startGateway()
  const port = portOf(gateway)
  await expect(startGateway({ place: { type: 'address', host: '127.0.0.1', port } })).rejects.toThrow(
    `Cannot listen on 127.0.0.1, port ${port}: another program has it. Stop that program, or choose`,
  )
})

test('an address that this machine does not have is told', async () => {
  await expect(startGateway({ place: { type: 'address', host: '192.0.2.1', port: 0 } })).rejects.toThrow(
    'this machine has no such address',
  )
})

test('an IPv6 address makes a usable URL', async () => {
  await using gateway = await startGateway({ place: { type: 'address', host: '::1', port: 0 } })
  expect(gateway.url).toBe(`http://[::1]:${portOf(gateway)}`)
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
})

test('a closing gateway lets an answer finish, and refuses what comes after', async () => {
  const gateway = await startGateway()
  gateway.runs.add()
  const answer = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  gateway.runs.search = async () => {
    asked.resolve()
    await answer.promise
    return ok({ matches: [], count: 0, scannedTo: 0, total: 0, complete: true })
  }
  const pending = fetch(`${gateway.url}/runs/run-1/search?q=x`)
  const socket = connect({ host: '127.0.0.1', port: portOf(gateway) })
  await once(socket, 'connect')
  // The connection counts as busy: its request has begun.
  socket.write('GET /health HTTP/1.1\r\n')
  await asked.promise
  const closed = gateway.http.close()
  socket.write('Host: 127.0.0.1\r\n\r\n')
  const [late] = await once(socket, 'data')
  expect(String(late)).toMatch(/^HTTP\/1\.1 503 .*Connection: close.*"code":"unavailable"/s)
  answer.resolve()
  expect((await pending).status).toBe(200)
  await closed
  await expect(fetch(`${gateway.url}/health`)).rejects.toThrow()
})

test('every request is logged when it is over, without its query', async () => {
  const entries: Record<string, unknown>[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      entries.push(JSON.parse(String(chunk)))
      done()
    },
  })
  await using gateway = await startGateway({ log: pino({ level: 'info' }, sink) })
  const response = await fetch(`${gateway.url}/run_file?file_path=secret.do`)
  for await (const _event of eventsOf(response)) break
  await vi.waitFor(() => expect(entries).toHaveLength(1))
  gateway.runs.add().end({ state: 'cancelled' })
  await (await fetch(`${gateway.url}/runs/run-2/stream`)).text()
  await vi.waitFor(() => expect(entries).toHaveLength(2))
  expect(entries[1]).toMatchObject({ path: '/runs/run-2/stream', status: 200, runId: 'run-2', msg: 'request' })
  expect(entries[0]).toMatchObject({
    method: 'GET',
    path: '/run_file',
    status: 200,
    runId: 'run-1',
    requestId: response.headers.get('X-Request-Id'),
    msg: 'request cut off',
  })
  expect(JSON.stringify(entries)).not.toContain('secret')
})
