import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { endianness } from 'node:os'
import { setImmediate as immediate } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createPeerUid, type PeerUidOptions } from './peer-uid.ts'
import { socketInode } from './socket-inode.ts'

const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
if (!isLinux) console.warn('SKIPPED: the kernel tells the uid of a peer on Linux only')
if (!isRoot) console.warn('SKIPPED: connections of another user (only root can make one here)')

/** A uid that no account has. */
const STRANGER = 54_321

const littleEndian = endianness() === 'LE'
const readTable: PeerUidOptions['readTable'] = (path) => readFile(path, 'latin1')
const peerUid = createPeerUid({ readTable, littleEndian, inodeOf: socketInode })

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

/** A process of the given user that connects and does with the socket as the script says. */
function connectAs(uid: number, port: number, host: string, script: string): ChildProcess {
  const code = `const socket = require('node:net').connect(${port}, '${host}', () => { ${script} })`
  const child = spawn(process.execPath, ['-e', code], { uid, gid: uid, cwd: '/', stdio: 'inherit' })
  cleanups.push(() => child.kill('SIGKILL'))
  return child
}

async function accepted(server: Server, port: number, host: string, uid: number, script = ''): Promise<Socket> {
  connectAs(uid, port, host, script)
  const [socket] = await once(server, 'connection')
  cleanups.push(() => socket.destroy())
  return socket
}

/** Connects from a port that is about to be free; false when it does not become so, as when somebody else has taken it. */
async function connectsFrom(localPort: number, port: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries += 1) {
    const socket = connect({ port, host: '127.0.0.1', localPort })
    cleanups.push(() => socket.destroy())
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    if (connected) return true
    await immediate()
  }
  return false
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
    expect(await peerUid(socket)).toBe(process.getuid?.())
    expect(await peerUid(client)).toBe(process.getuid?.())
  })

  test.runIf(isRoot).each(roads)('over %s a stranger has the uid of the stranger', async (_, host, target) => {
    const { server, port } = await listen(host)
    const socket = await accepted(server, port, target, STRANGER)
    expect(await peerUid(socket)).toBe(STRANGER)
  })

  test.runIf(isRoot)('a stranger who has sent all there is to send is still the stranger', async () => {
    const { server, port } = await listen('127.0.0.1')
    const socket = await accepted(server, port, '127.0.0.1', STRANGER, 'socket.end("all")')
    socket.resume()
    await once(socket, 'end')
    expect(await peerUid(socket)).toBe(STRANGER)
  })

  test.runIf(isRoot)('a stranger who is gone is nobody, and least of all root', async () => {
    const { server, port } = await listen('127.0.0.1')
    const socket = await accepted(server, port, '127.0.0.1', STRANGER, 'socket.end("all", () => process.exit())')
    socket.resume()
    await once(socket, 'end')
    // The process may still be closing the socket; once that is done, no uid must be left.
    let uid = await peerUid(socket)
    while (uid === STRANGER) uid = await peerUid(socket)
    expect(uid).toBeNull()
  })

  test.runIf(isRoot)('a stranger whose port is now ours is not taken for us', async () => {
    // Not read from, as when a request's body fills its buffer: so Node does not notice that the stranger is gone.
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    cleanups.push(() => server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo // an address, since it listens on one
    const sockets: Socket[] = []
    server.on('connection', (socket) => {
      cleanups.push(() => socket.destroy())
      sockets.push(socket)
    })
    let localPort: number
    let strangers = 0
    do {
      strangers += 1
      const peer = connectAs(STRANGER, port, '127.0.0.1', 'socket.pause()')
      const [socket] = await once(server, 'connection')
      localPort = socket.remotePort
      // A socket that is closed with bytes unread is reset, and its port is free at once (RFC 1122, section 4.2.2.13).
      await new Promise((written) => socket.write('unread', written))
      peer.kill('SIGKILL')
      await once(peer, 'exit')
    } while (!(await connectsFrom(localPort, port)))
    await expect.poll(() => sockets.length).toBe(strangers + 1)
    const [stranger, late] = sockets.slice(-2)
    if (stranger === undefined || late === undefined) throw new Error('two have connected')
    expect(late.remotePort).toBe(localPort)
    expect(await peerUid(late)).toBe(process.getuid?.())
    expect(await peerUid(stranger)).toBeNull()
  })

  test('a connection that is closed is nobody’s', async () => {
    const { server, port } = await listen('127.0.0.1')
    const client = connect(port, '127.0.0.1')
    const [socket] = await once(server, 'connection')
    cleanups.push(() => socket.destroy())
    await once(client.destroy(), 'close')
    expect(await peerUid(client)).toBeNull()
  })
})

describe('reading the tables', () => {
  const connection = { localAddress: '127.0.0.1', localPort: 8080, remoteAddress: '127.0.0.1', remotePort: 54178 }
  const theirs = '   0: 0100007F:D3A2 0100007F:1F90 01 0:0 0:0 0 77 0 9 1 \n'
  const ours = '   1: 0100007F:1F90 0100007F:D3A2 01 0:0 0:0 0 11 0 8 1 \n'
  const rows = theirs + ours

  function counting(answer: (read: number, path: string) => Promise<string>) {
    const reads: string[] = []
    const readTable: PeerUidOptions['readTable'] = (path) => {
      reads.push(path)
      return answer(reads.length, path)
    }
    return { reads, ask: createPeerUid({ readTable, littleEndian: true, inodeOf: () => 8 }) }
  }

  test('a thousand questions at once cost a handful of reads', async () => {
    const { reads, ask } = counting(async () => rows)
    const uids = await Promise.all(Array.from({ length: 1_000 }, () => ask(connection)))
    expect(new Set(uids)).toEqual(new Set([77]))
    expect(reads.length).toBeLessThan(10)
  })

  test('a question never gets a read that began before it was asked', async () => {
    const first = Promise.withResolvers<string>()
    const { reads, ask } = counting((read) => (read === 1 ? first.promise : Promise.resolve(rows)))
    const early = ask(connection)
    const late = ask(connection)
    expect(reads).toEqual(['/proc/net/tcp'])
    first.resolve(rows.replace(' 77 ', ' 66 '))
    expect([await early, await late]).toEqual([66, 77])
  })

  test('a line that one read missed is found by the next', async () => {
    const { reads, ask } = counting(async (read) => (read <= 2 ? '' : rows))
    expect(await ask(connection)).toBe(77)
    expect(reads).toEqual(['/proc/net/tcp', '/proc/net/tcp6', '/proc/net/tcp', '/proc/net/tcp'])
  })

  test.each([
    ['is gone', theirs],
    ['is another one', theirs + ours.replace(' 8 ', ' 7 ')],
  ])('a uid does not count when our own socket %s by then', async (_, later) => {
    const { ask } = counting(async (read) => (read === 1 ? rows : later))
    expect(await ask(connection)).toBeNull()
  })

  test('where there are no tables, nobody is known, and asking again asks again', async () => {
    const { reads, ask } = counting(() => Promise.reject(new Error('ENOENT')))
    expect(await Promise.all([ask(connection), ask(connection)])).toEqual([null, null])
    expect(await ask(connection)).toBeNull()
    expect(reads.length).toBe(3)
  })
})
