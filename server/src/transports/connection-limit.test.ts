import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { limitConnections } from './connection-limit.ts'

const MOST = 3

async function listen(server: Server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const { port } = address
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    await Promise.all([once(socket, 'connect'), once(server, 'connection')])
    return socket
  }
  return { port, open }
}

test('one connection too many closes the one that has waited longest, never one that is being answered', async () => {
  const answers: ServerResponse[] = []
  const server = createServer()
  let closings = 0
  const keep = limitConnections(server, MOST, () => {
    closings += 1
  })
  server.on('request', (request, response) => {
    keep(request, response)
    response.write('begun')
    answers.push(response)
  })
  const { port, open } = await listen(server)
  const ask = async (socket: Socket) => {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'data')
  }
  try {
    const answered = await open()
    await ask(answered)
    const idle = [await open(), await open()]
    const closed = once(idle[0] ?? answered, 'close')
    const late = await open()
    await closed
    await ask(late)
    expect([answered.destroyed, idle[1]?.destroyed, late.destroyed]).toEqual([false, false, false])

    // All places are taken by answers: then the newest goes.
    await ask(idle[1] ?? late)
    const tooMany = connect(port, '127.0.0.1').on('error', () => undefined)
    await once(tooMany, 'close')
    expect(answers).toHaveLength(MOST)

    // An answer that is over leaves a connection that waits again.
    answers[0]?.end()
    await once(answered, 'data')
    const after = connect(port, '127.0.0.1').on('error', () => undefined)
    await once(answered, 'close')
    expect(after.destroyed).toBe(false)
    expect(closings).toBe(3)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('a place is not kept by a request that nobody was let in with, nor before its body is here', async () => {
  const server = createServer()
  const keep = limitConnections(server, MOST, () => {})
  server.on('request', (request, response) => {
    if (request.headers.authorization !== undefined) keep(request, response)
    response.write('begun')
    request.resume().once('end', () => response.write('read'))
  })
  const { open } = await listen(server)
  const ask = async (headers: string) => {
    const socket = await open()
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
    await once(socket, 'data')
    return socket
  }
  try {
    const stranger = await ask('')
    const slow = await ask('Authorization: x\r\nContent-Length: 2\r\n')
    const quick = await ask('Authorization: x\r\nContent-Length: 2\r\n')
    quick.write('{}')
    await once(quick, 'data')
    for (const goes of [stranger, slow]) {
      const closed = once(goes, 'close')
      await open()
      await closed
    }
    expect(quick.destroyed).toBe(false)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
