import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { endianness } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { createPeerUid, type PeerUidOptions } from './peer-uid.ts'
import type { TcpConnection } from './socket-table.ts'

const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
if (!isLinux) console.warn('SKIPPED: the kernel tells the uid of a peer on Linux only')
if (!isRoot) console.warn('SKIPPED: connections of another user (only root can make one here)')

/** A uid that no account has. */
const STRANGER = 54_321

const littleEndian = endianness() === 'LE'
const peerUid = createPeerUid({ readTable: (path) => readFile(path, 'latin1'), littleEndian })

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

async function listen(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, host)
  cleanups.push(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { server, port: address.port }
}

function connectionOf(socket: Socket): TcpConnection {
  const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket
  return { localAddress, localPort, remoteAddress, remotePort }
}

/** Connects from a process of the given user and does with the socket as the script says. */
async function accepted(server: Server, port: number, host: string, uid: number, script = ''): Promise<Socket> {
  const code = `const socket = require('node:net').connect(${port}, '${host}', () => { ${script} })`
  const child = spawn(process.execPath, ['-e', code], { uid, gid: uid, cwd: '/', stdio: 'inherit' })
  cleanups.push(() => child.kill('SIGKILL'))
  const [socket] = await once(server, 'connection')
  cleanups.push(() => socket.destroy())
  return socket
}

describe.runIf(isLinux)('on this kernel', () => {
  const roads = [
    ['IPv4', '127.0.0.1', '127.0.0.1'],
    ['IPv6', '::1', '::1'],
    ['IPv4 to a server for both', '::', '127.0.0.1'],
    ['a mapped address to a server for both', '::', '::ffff:127.0.0.1'],
    ['a mapped address to an IPv4 server', '127.0.0.1', '::ffff:127.0.0.1'],
  ] as const

  test.each(roads)('over %s our own connection has our uid', async (_, host, target) => {
    const { server, port } = await listen(host)
    const client = connect(port, target)
    cleanups.push(() => client.destroy())
    const [socket] = await once(server, 'connection')
    cleanups.push(() => socket.destroy())
    expect(await peerUid(connectionOf(socket))).toBe(process.getuid?.())
    expect(await peerUid(connectionOf(client))).toBe(process.getuid?.())
  })

  test.runIf(isRoot).each(roads)('over %s a stranger has the uid of the stranger', async (_, host, target) => {
    const { server, port } = await listen(host)
    const socket = await accepted(server, port, target, STRANGER)
    expect(await peerUid(connectionOf(socket))).toBe(STRANGER)
  })

  test.runIf(isRoot)('a stranger who has sent all there is to send is still the stranger', async () => {
    const { server, port } = await listen('127.0.0.1')
    const socket = await accepted(server, port, '127.0.0.1', STRANGER, 'socket.end("all")')
    socket.resume()
    await once(socket, 'end')
    expect(await peerUid(connectionOf(socket))).toBe(STRANGER)
  })

  test.runIf(isRoot)('a stranger who is gone is nobody, and least of all root', async () => {
    const { server, port } = await listen('127.0.0.1')
    const socket = await accepted(server, port, '127.0.0.1', STRANGER, 'socket.end("all", () => process.exit())')
    socket.resume()
    await once(socket, 'end')
    // The process may still be closing the socket; once that is done, no uid must be left.
    let uid = await peerUid(connectionOf(socket))
    while (uid === STRANGER) uid = await peerUid(connectionOf(socket))
    expect(uid).toBeNull()
  })

  test('a connection that does not exist is nobody’s', async () => {
    const connection = { localAddress: '127.0.0.1', localPort: 1, remoteAddress: '127.0.0.1', remotePort: 2 }
    expect(await peerUid(connection)).toBeNull()
  })
})

describe('reading the tables', () => {
  const connection = { localAddress: '127.0.0.1', localPort: 8080, remoteAddress: '127.0.0.1', remotePort: 54178 }
  const row = '   0: 0100007F:D3A2 0100007F:1F90 01 0:0 0:0 0 77 0 9 1 \n'

  function counting(answer: (read: number, path: string) => Promise<string>) {
    const reads: string[] = []
    const readTable: PeerUidOptions['readTable'] = (path) => {
      reads.push(path)
      return answer(reads.length, path)
    }
    return { reads, ask: createPeerUid({ readTable, littleEndian: true }) }
  }

  test('a thousand questions at once cost two reads', async () => {
    const { reads, ask } = counting(async () => row)
    const uids = await Promise.all(Array.from({ length: 1_000 }, () => ask(connection)))
    expect(new Set(uids)).toEqual(new Set([77]))
    expect(reads).toHaveLength(2)
  })

  test('a question never gets a read that began before it was asked', async () => {
    const first = Promise.withResolvers<string>()
    const { reads, ask } = counting((read) => (read === 1 ? first.promise : Promise.resolve(row)))
    const early = ask(connection)
    const late = ask(connection)
    expect(reads).toEqual(['/proc/net/tcp'])
    first.resolve(row.replace(' 77 ', ' 11 '))
    expect([await early, await late]).toEqual([11, 77])
  })

  test('a line that one read missed is found by the next', async () => {
    const { reads, ask } = counting(async (read) => (read <= 2 ? '' : row))
    expect(await ask(connection)).toBe(77)
    expect(reads).toEqual(['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/tcp'])
  })

  test('where there are no tables, nobody is known, and asking again asks again', async () => {
    const { reads, ask } = counting(() => Promise.reject(new Error('ENOENT')))
    expect(await Promise.all([ask(connection), ask(connection)])).toEqual([null, null])
    expect(await ask(connection)).toBeNull()
    expect(reads.length).toBe(3)
  })
})
