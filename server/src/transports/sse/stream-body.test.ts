import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { startGateway, type TestGateway } from '../testing/start-gateway.ts'

/** Sends bytes and gives everything that comes back until the other side closes. */
async function answerTo(gateway: TestGateway, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (data) => {
    answer += data.toString('latin1')
  })
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

test('a stream in HTTP/1.0 has no chunks and ends with its connection', async () => {
  await using gateway = await startGateway()
  gateway.runs.add().lines('one').end({ state: 'cancelled' })
  const answer = await answerTo(gateway, 'GET /runs/run-1/stream HTTP/1.0\r\nHost: localhost\r\n\r\n')
  const [head = '', body = ''] = answer.split(/\r\n\r\n(.*)/s)
  expect(head).not.toMatch(/transfer-encoding/i)
  expect(body).toMatch(/^retry: 2000\n\nid: /)
  expect(body).toMatch(/event: end\n.*\n.*\n\n$/)
})

test('a stream is the last answer on its connection', async () => {
  await using gateway = await startGateway()
  const [first, second] = [gateway.runs.add().lines('one').end({ state: 'cancelled' }), gateway.runs.add()]
  const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const streams = request(`/runs/${first.run.id}/stream`) + request(`/runs/${second.run.id}/stream`)
  const answer = await answerTo(gateway, request('/health/live') + streams)
  expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
  expect(answer).toMatch(/\r\nConnection: close\r\n/)
  // Whole, so that it can be told from one that was cut.
  expect(answer).toMatch(/event: end\n.*\r\n0\r\n\r\n$/s)
  await vi.waitFor(() => expect(second.viewers).toBe(0))
})

test('a viewer that leaves before its turn has come is let go', async () => {
  await using gateway = await startGateway()
  const [first, second] = [gateway.runs.add(), gateway.runs.add()]
  const request = (id: string) => `GET /runs/${id}/stream HTTP/1.1\r\nHost: localhost\r\n\r\n`
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
  socket.write(request(first.run.id) + request(second.run.id))
  await once(socket, 'data')
  await vi.waitFor(() => expect(first.viewers).toBe(1))
  socket.destroy()
  await vi.waitFor(() => expect([first.viewers, second.viewers]).toEqual([0, 0]))
})
