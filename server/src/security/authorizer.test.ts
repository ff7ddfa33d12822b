import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, request as httpRequest, IncomingMessage, type Server } from 'node:http'
import { connect, Socket } from 'node:net'
import { endianness } from 'node:os'
import { promisify } from 'node:util'
import { ok, type Result, type Role, TailgateError } from '@tailgate/shared'
import { afterEach, describe, expect, test } from 'vitest'
import { type AuthorizerOptions, createAuthorizer } from './authorizer.ts'
import { createPeerUid, type PeerUid } from './peer-uid.ts'
import type { RequestGuard } from './request-guard.ts'
import { sessionCookie } from './sessions.ts'
import { socketInode } from './socket-inode.ts'
import { addToken, emptyTokenBook, revokeToken, type TokenBook } from './tokens.ts'

const isLinux = process.platform === 'linux'
const isRoot = process.getuid?.() === 0
if (!isLinux) console.warn('SKIPPED: the kernel tells the uid of a peer on Linux only')
if (!isRoot) console.warn('SKIPPED: requests of another user (only root can make one here)')

const STRANGER = 54_321
const user = { uid: process.getuid?.() ?? -1, name: 'ada' }
const kernel = createPeerUid({
  readTable: (path) => readFile(path, 'latin1'),
  littleEndian: endianness() === 'LE',
  inodeOf: socketInode,
})
const nobody: PeerUid = () => Promise.resolve(null)

let book: TokenBook = emptyTokenBook(randomBytes)
function newToken(name: string, role: Role): string {
  const added = addToken(book, { name, role, createdAt: '' }, randomBytes)
  if (!added.ok) throw added.error
  book = added.value.book
  return added.value.token
}
const [runToken, watchToken] = [newToken('grace', 'run'), newToken('wendy', 'watch')]

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

function guardWith(differences: Partial<AuthorizerOptions>): RequestGuard {
  return createAuthorizer({
    auth: 'auto',
    hosts: { allowedHosts: [], allowedOrigins: [] },
    readTokens: () => Promise.resolve(ok(book)),
    peerUid: kernel,
    user,
    now: Date.now,
    ...differences,
  })
}

/** A gateway that answers each request with what its guard says: a name, or an error's code. */
async function gateway(differences: Partial<AuthorizerOptions> = {}, host = '127.0.0.1'): Promise<string> {
  const guard = guardWith(differences)
  const server = createServer(async (request, response) => {
    const action = request.url?.includes('act') ? 'act' : 'read'
    const result = await guard(request, action)
    response.end(result.ok ? `in as ${result.value.name}` : result.error.code)
  })
  servers.push(server)
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

async function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<string> {
  const request = httpRequest(url, { headers, method, agent: false }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage] // the types do not know this event
  return (await response.setEncoding('utf8').toArray()).join('')
}

/** The same request from a process of another user. */
async function askAsStranger(url: string, headers: Record<string, string> = {}): Promise<string> {
  const code = `fetch(process.argv[1], { headers: JSON.parse(process.argv[2]) }).then(async (response) => {
    process.stdout.write(await response.text())
  })`
  const options = { uid: STRANGER, gid: STRANGER, cwd: '/', env: {} }
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code, url, JSON.stringify(headers)], options)
  return stdout
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

describe('auto, on loopback', () => {
  test.runIf(isLinux).each(['127.0.0.1', '::1'])('our own user comes in on %s without a token', async (host) => {
    const url = await gateway({}, host)
    expect(await ask(`${url}/read`)).toBe('in as ada')
    expect(await ask(`${url}/act`, {}, 'POST')).toBe('in as ada')
  })

  test.runIf(isLinux && isRoot)('another user of this machine does not, unless with a token', async () => {
    const url = await gateway()
    expect(await askAsStranger(`${url}/read`)).toBe('unauthorized')
    expect(await askAsStranger(`${url}/act`)).toBe('unauthorized')
    expect(await askAsStranger(`${url}/act`, bearer(runToken))).toBe('in as grace')
  })

  test.runIf(isLinux && isRoot)('root does not come into the gateway of an ordinary user', async () => {
    const url = await gateway({ user: { uid: STRANGER, name: 'stranger' } })
    expect(await ask(`${url}/read`)).toBe('unauthorized')
    expect(await askAsStranger(`${url}/read`)).toBe('in as stranger')
  })

  test.each(['Forwarded', 'Via', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Forwarded-Proto', 'X-Real-IP'])(
    'a proxy of our own user that says so by %s needs a token',
    async (name) => {
      const url = await gateway({ peerUid: () => Promise.resolve(user.uid) })
      expect(await ask(`${url}/read`)).toBe('in as ada')
      expect(await ask(`${url}/read`, { [name]: '192.0.2.1' })).toBe('unauthorized')
      expect(await ask(`${url}/read`, { [name]: '192.0.2.1', ...bearer(runToken) })).toBe('in as grace')
    },
  )

  test.each([
    ['the kernel does not know', { peerUid: nobody }],
    ['the system has no way to tell', { peerUid: null }],
    ['users have no uid', { user: null, peerUid: () => Promise.resolve(0) }],
  ] as const)('when %s, a token is needed', async (_, differences) => {
    const url = await gateway(differences)
    expect(await ask(`${url}/read`)).toBe('unauthorized')
    expect(await ask(`${url}/read`, bearer(runToken))).toBe('in as grace')
  })

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['127.0.0.1', '192.0.2.1'],
    ['192.0.2.1', '127.0.0.1'],
    [undefined, undefined],
  ])('a connection from %s to %s is not loopback, so the kernel is not even asked', async (from, to) => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: from })
    Object.defineProperty(socket, 'localAddress', { value: to })
    const request = Object.assign(new IncomingMessage(socket), { url: '/read', headers: { host: 'localhost' } })
    const guard = guardWith({ peerUid: () => Promise.resolve(user.uid) })
    expect(await guard(request, 'read')).toMatchObject({ ok: false, error: { code: 'unauthorized' } })
  })

  test('the kernel is asked once for a connection, however many requests come over it', async () => {
    let asked = 0
    const url = new URL(
      await gateway({
        peerUid: async () => {
          asked += 1
          return user.uid
        },
      }),
    )
    const socket = connect(Number(url.port), url.hostname).setEncoding('utf8')
    const requests = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(4)
    socket.write(`${requests}GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    const answers = (await socket.toArray()).join('')
    expect(answers.match(/in as ada/g)).toHaveLength(5)
    expect(asked).toBe(1)
  })
})

describe('tokens', () => {
  test('one that is shown must be right, even by our own user', async () => {
    const url = await gateway({ peerUid: () => Promise.resolve(user.uid) })
    for (const value of ['Bearer', 'Bearer ', `Bearer ${runToken}x`, `Basic ${runToken}`, runToken, 'Bearer a b', '']) {
      expect(await ask(`${url}/read`, { Authorization: value })).toBe('unauthorized')
    }
    expect(await ask(`${url}/read`, { authorization: `bearer  ${runToken} ` })).toBe('in as grace')
  })

  test('one for watching reads and never acts', async () => {
    const url = await gateway({ auth: 'token' })
    expect(await ask(`${url}/read`, bearer(watchToken))).toBe('in as wendy')
    expect(await ask(`${url}/act`, bearer(watchToken), 'POST')).toBe('forbidden')
    expect(await ask(`${url}/act`, bearer(watchToken))).toBe('forbidden')
    expect(await ask(`${url}/act`, bearer(runToken), 'POST')).toBe('in as grace')
  })

  test('with --auth token our own user needs one too', async () => {
    const url = await gateway({ auth: 'token', peerUid: () => Promise.resolve(user.uid) })
    expect(await ask(`${url}/read`)).toBe('unauthorized')
  })

  test('a token file that cannot be read lets nobody in by token, and says so', async () => {
    const readTokens = (): Promise<Result<never, TailgateError>> =>
      Promise.resolve({ ok: false, error: new TailgateError('unavailable', 'chmod 600') })
    const url = await gateway({ readTokens, peerUid: nobody })
    expect(await ask(`${url}/read`, bearer(runToken))).toBe('unavailable')
    expect(await ask(`${url}/read`, { Cookie: 'tailgate_x=1' })).toBe('unauthorized')
  })

  test('a token never works in the address', async () => {
    const url = await gateway({ auth: 'token' })
    for (const name of ['token', 'access_token', 'auth']) {
      expect(await ask(`${url}/read?${name}=${runToken}`)).toBe('unauthorized')
    }
    expect(await ask(`${url.replace('//', `//grace:${runToken}@`)}/read`)).toBe('unauthorized')
  })
})

describe('sessions', () => {
  function cookieOf(name: string): string {
    const token = book.tokens.find((one) => one.name === name)
    if (token === undefined) throw new Error('no such token')
    const cookie = sessionCookie(book, token, { now: Date.now(), secure: false, randomBytes })
    return cookie.split(';', 1)[0] ?? ''
  }

  test('a login is the name and the role of its token', async () => {
    const url = await gateway({ auth: 'token' })
    expect(await ask(`${url}/act`, { Cookie: cookieOf('grace') }, 'POST')).toBe('in as grace')
    expect(await ask(`${url}/act`, { Cookie: cookieOf('wendy') }, 'POST')).toBe('forbidden')
  })

  test('a login ends with its token, and with its time', async () => {
    const Cookie = cookieOf('grace')
    const late = await gateway({ auth: 'token', now: () => Date.now() + 8 * 24 * 60 * 60_000 })
    expect(await ask(`${late}/read`, { Cookie })).toBe('unauthorized')
    const revoked = revokeToken(book, 'grace')
    if (!revoked.ok) throw revoked.error
    const url = await gateway({ auth: 'token', readTokens: () => Promise.resolve(ok(revoked.value)) })
    expect(await ask(`${url}/read`, { Cookie })).toBe('unauthorized')
  })

  test('a stale login does not keep our own user out', async () => {
    const url = await gateway({ peerUid: () => Promise.resolve(user.uid) })
    expect(await ask(`${url}/read`, { Cookie: 'tailgate_deadbeef=stale' })).toBe('in as ada')
  })

  test('a page of another port that rides on a login is kept out', async () => {
    const url = await gateway({ auth: 'token' })
    const headers = { Cookie: cookieOf('grace'), Origin: 'http://127.0.0.1:1', 'Sec-Fetch-Site': 'same-site' }
    expect(await ask(`${url}/act`, headers, 'POST')).toBe('forbidden')
    expect(await ask(`${url}/read`, headers)).toBe('forbidden')
  })
})

describe('none', () => {
  test('everybody who connects may do everything, without a name, but pages of other sites may not', async () => {
    const url = await gateway({ auth: 'none', peerUid: nobody })
    expect(await ask(`${url}/act`, {}, 'POST')).toBe('in as null')
    expect(await ask(`${url}/act`, { Authorization: 'Bearer whatever' }, 'POST')).toBe('in as null')
    expect(await ask(`${url}/act`, { Origin: 'https://evil.example' }, 'POST')).toBe('forbidden')
    expect(await ask(`${url}/act`, { Host: 'evil.example' }, 'POST')).toBe('forbidden')
  })
})

test('a request to a proxy is none of ours', async () => {
  const url = new URL(await gateway({ auth: 'none' }))
  for (const target of ['http://evil.example/act', 'https://evil.example/', '*']) {
    const socket = connect(Number(url.port), url.hostname).setEncoding('utf8')
    socket.end(
      `${target === '*' ? 'OPTIONS' : 'GET'} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    expect((await socket.toArray()).join('')).toMatch(/bad-request$/m)
  }
})

test('HEAD, a prefetch and a page load do not act, whoever asks', async () => {
  const url = await gateway({ auth: 'token' })
  expect(await ask(`${url}/act`, { ...bearer(runToken), 'Sec-Purpose': 'prefetch;prerender' })).toBe('forbidden')
  expect(await ask(`${url}/act`, { ...bearer(runToken), Purpose: 'prefetch' })).toBe('forbidden')
  expect(await ask(`${url}/act`, { ...bearer(runToken), 'Sec-Fetch-Mode': 'navigate' })).toBe('forbidden')
  expect(await ask(`${url}/act`, bearer(runToken), 'PUT')).toBe('method-not-allowed')
})
