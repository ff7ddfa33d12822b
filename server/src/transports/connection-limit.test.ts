import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { limitConnections } from './connection-limit.ts'

const MOST = 3

test('one connection too many closes the one that has waited longest, never one that is being answered', async () => {
  const answers: ServerResponse[] = []
  const server = createServer((_request, response) => {
    response.write('begun')
    answers.push(response)
  })
  let closings = 0
  limitConnections(server, MOST, () => {
    closings += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const open = async (): Promise<Socket> => {
    const socket = connect(address.port, '127.0.0.1').on('error', () => undefined)
    await Promise.all([once(socket, 'connect'), once(server, 'connection')])
    return socket
  }
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
    const tooMany = connect(address.port, '127.0.0.1').on('error', () => undefined)
    await once(tooMany, 'close')
    expect(answers).toHaveLength(MOST)

    // An answer that is over leaves a connection that waits again.
    answers[0]?.end()
    await once(answered, 'data')
    const after = connect(address.port, '127.0.0.1').on('error', () => undefined)
    await once(answered, 'close')
    expect(after.destroyed).toBe(false)
    expect(closings).toBe(3)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
