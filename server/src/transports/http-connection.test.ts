import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { Answer, type AnswerEnd } from './answer.ts'
import { HttpConnection, useHttpConnections } from './http-connection.ts'

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

async function serve(onRequest: RequestListener) {
  const server = createServer(onRequest)
  const cutAll = useHttpConnections(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  onTestFinished(async () => {
    cutAll()
    server.close()
    await once(server, 'close')
  })
  return { server, cutAll, open: () => connect(address.port, '127.0.0.1').on('error', () => undefined) }
}

/** What comes until the other side closes. */
async function allOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += chunk.toString('latin1')
  return text
}

async function letGo(response: ServerResponse): Promise<Socket> {
  const connection: Duplex | null = response.socket
  if (!(connection instanceof HttpConnection)) throw new Error('not such a connection')
  await connection.flushed()
  response.writeHead(200, { Connection: 'close' }).flushHeaders()
  return Answer.of(response).release(connection)
}

test('a socket that is taken out goes on, while its request and response are closed', async () => {
  const taken = Promise.withResolvers<Socket>()
  const [requestClosed, responseClosed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { open, server } = await serve(async (request, response) => {
    request.once('close', requestClosed.resolve)
    response.once('close', responseClosed.resolve)
    taken.resolve(await letGo(response))
  })
  const client = open()
  client.write(GET)
  const received = allOf(client)
  const socket = await taken.promise
  await Promise.all([requestClosed.promise, responseClosed.promise])
  // For HTTP there is nothing left to close.
  server.closeAllConnections()
  socket.write('one ')
  // Nobody reads it, and it disturbs nobody.
  client.write(GET)
  socket.end('two')
  expect(await received).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\none two$/s)
})

test('an answer that has let go of its response is over when its connection is', async () => {
  const ends: (AnswerEnd & { wasOver: boolean })[] = []
  const begun = Promise.withResolvers<Answer>()
  const { open } = await serve(async (_request, response) => {
    const answer = Answer.of(response)
    answer.whenOver((end) => ends.push({ ...end, wasOver: answer.signal.aborted }))
    response.setHeader('X-Run-Id', 'run-1')
    const closed = once(response, 'close')
    await letGo(response)
    await closed
    begun.resolve(answer)
  })
  const client = open()
  client.write(GET)
  const answer = await begun.promise
  expect([ends, answer.signal.aborted]).toEqual([[], false])
  const over = once(answer.signal, 'abort')
  client.resume().end()
  await over
  const end = { status: 200, isWhole: false, runId: 'run-1' }
  expect(ends).toEqual([{ ...end, wasOver: true }])
  // Whoever asks late is told at once.
  answer.whenOver((late) => ends.push({ ...late, wasOver: true }))
  expect(ends).toHaveLength(2)
})

test('an answer is over with its response, and whole when all of it went out', async () => {
  const ends: AnswerEnd[] = []
  const { open } = await serve((_request, response) => {
    Answer.of(response).whenOver((end) => ends.push(end))
    response.writeHead(404).end('no')
  })
  const client = open()
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect(await allOf(client)).toMatch(/^HTTP\/1\.1 404 /)
  await expect.poll(() => ends).toEqual([{ status: 404, isWhole: true, runId: undefined }])
})

test('requests behind each other, and their bodies, are answered in their order', async () => {
  const { open } = await serve(async (request, response) => {
    let bytes = 0
    for await (const chunk of request) bytes += chunk.length
    response.end(`${request.method} ${bytes};`)
  })
  const client = open()
  const body = 'x'.repeat(300_000)
  client.write(GET)
  client.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  expect((await allOf(client)).match(/[A-Z]+ \d+;/g)).toEqual(['GET 0;', 'POST 300000;', 'GET 0;'])
})

test('a long answer waits for a client that reads slowly, and loses nothing', async () => {
  let written = 0
  const pieces = 400
  const { open } = await serve(async (_request, response) => {
    response.setHeader('Connection', 'close')
    for (let i = 0; i < pieces; i += 1) {
      written += 1
      if (!response.write(`${String(i).padStart(4, '0')}${'x'.repeat(99_996)}`)) await once(response, 'drain')
    }
    response.end()
  })
  const client = open()
  client.pause()
  client.write(GET)
  await expect.poll(() => written).toBeGreaterThan(1)
  const before = written
  expect(before).toBeLessThan(pieces)
  const answer = await allOf(client)
  expect(answer.match(/\d{4}(?=xxx)/g)).toEqual(Array.from({ length: pieces }, (_, i) => String(i).padStart(4, '0')))
})

test('all connections can be cut, also those that HTTP has let go of', async () => {
  const taken = Promise.withResolvers<Socket>()
  const { open, cutAll } = await serve(async (_request, response) => taken.resolve(await letGo(response)))
  const [idle, streaming] = [open(), open()]
  streaming.write(GET)
  const closed = Promise.all([once(idle.resume(), 'close'), once(streaming.resume(), 'close')])
  await taken.promise
  cutAll()
  await closed
})
