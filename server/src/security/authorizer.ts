import type { Socket } from 'node:net'
import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type { AuthMode } from './exposure.ts'
import { checkRequest, type HostPolicy, type RequestHead } from './hosts-and-origins.ts'
import { isLoopback } from './ip-address.ts'
import type { PeerUid } from './peer-uid.ts'
import type { AskingRequest, Identity, RequestGuard } from './request-guard.ts'
import { findSession } from './sessions.ts'
import type { TokenFile } from './token-file.ts'
import { findToken, type TokenRecord } from './tokens.ts'

/**
 * The guard of a real gateway: first whether the request is meant for us, then who sends it, then what they may do.
 *
 * A token that is shown must be right, even where none is needed: a client that has one wants to be that name. There
 * is no lock-out after wrong ones: 256 bits cannot be guessed, and on loopback a lock-out would hit everybody else.
 *
 * Only the gateway's own uid is trusted without a token. Root is not: it could take what it wants anyhow, and what
 * arrives as root is usually a proxy or a container runtime that speaks for someone else. For the same reason a
 * request that says it was forwarded is never trusted for the sake of its connection.
 */

export type AuthorizerOptions = {
  readonly auth: AuthMode
  readonly hosts: HostPolicy
  readonly readTokens: TokenFile['read']
  /** Who is at the other end of a loopback connection; null where the system does not tell. */
  readonly peerUid: PeerUid | null
  /** The user that the gateway runs as; null where users have no uid. */
  readonly user: { readonly uid: number; readonly name: string } | null
  readonly now: () => number
}

/** Headers by which proxies say that they speak for someone else (RFC 7239, RFC 9110, and what came before). */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** Whom nobody has to be to see a page. */
const ANYBODY: Identity = { name: null, role: 'watch' }

export function createAuthorizer(options: AuthorizerOptions): RequestGuard {
  const { auth, hosts, readTokens, peerUid, user, now } = options
  /** A connection has one peer for its whole life, so the kernel is asked once. */
  const peers = new WeakMap<Socket, Promise<number | null>>()

  function uidOf(socket: Socket, ask: PeerUid): Promise<number | null> {
    const known = peers.get(socket)
    if (known !== undefined) return known
    const asked = ask(socket)
    peers.set(socket, asked)
    return asked
  }

  async function isOwnUser({ socket, headers }: AskingRequest): Promise<boolean> {
    const { localAddress, remoteAddress } = socket
    if (peerUid === null || user === null || localAddress === undefined || remoteAddress === undefined) return false
    if (!isLoopback(localAddress) || !isLoopback(remoteAddress)) return false
    if (FORWARDED.some((name) => headers[name] !== undefined)) return false
    return (await uidOf(socket, peerUid)) === user.uid
  }

  async function identify(request: AskingRequest): Promise<Result<Identity, TailgateError>> {
    if (auth === 'none') return ok({ name: null, role: 'run' })
    const { authorization, cookie } = credentialsOf(request)
    if (authorization !== undefined) {
      const book = await readTokens()
      if (!book.ok) return book
      const token = findToken(book.value, /^Bearer +(\S+) *$/i.exec(authorization)?.[1] ?? '')
      return token === null ? err(unauthorized('The token is wrong or was revoked')) : ok(identityOf(token))
    }
    if (cookie !== undefined) {
      const book = await readTokens()
      const token = book.ok ? findSession(book.value, cookie, now()) : null
      if (token !== null) return ok(identityOf(token))
    }
    if (auth === 'auto' && user !== null && (await isOwnUser(request))) return ok({ name: user.name, role: 'run' })
    return err(unauthorized('The gateway cannot tell who is calling'))
  }

  return async (request, access) => {
    const meant = request.url?.startsWith('/') ? checkRequest(headOf(request), hosts, access) : err(notAPath())
    if (!meant.ok) return meant
    if (access === 'page' || access === 'login') return ok(ANYBODY)
    const identity = await identify(request)
    if (!identity.ok) return identity
    const { name, role } = identity.value
    if (access === 'act' && role === 'watch') {
      return err(new TailgateError('forbidden', `The token "${name}" may only watch: use one with the role run.`))
    }
    return identity
  }
}

/** What a request shows that can be revoked, or expire. Nothing else is looked at for it. */
function credentialsOf({ headers: { authorization, cookie } }: Pick<AskingRequest, 'headers'>) {
  return { authorization, cookie }
}

/** Whether who is taken for the caller now may not be later on, on the same connection. */
export function showsCredentials(request: Pick<AskingRequest, 'headers'>): boolean {
  return Object.values(credentialsOf(request)).some((shown) => shown !== undefined)
}

function identityOf({ name, role }: TokenRecord): Identity {
  return { name, role }
}

/** The parts of a request that tell whether it is meant for us. */
function headOf({ method, headers, socket }: AskingRequest): RequestHead {
  const text = (name: string) => {
    const value = headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
  return {
    method,
    host: headers.host,
    origin: headers.origin,
    userAgent: headers['user-agent'],
    fetchSite: text('sec-fetch-site'),
    fetchMode: text('sec-fetch-mode'),
    fetchDest: text('sec-fetch-dest'),
    purpose: ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].map(text).find((value) => value !== undefined),
    localAddress: socket.localAddress,
  }
}

/** A request to a proxy (`GET http://…`) has a second host beside the Host header. */
function notAPath(): TailgateError {
  return new TailgateError('bad-request', 'The request names no path of this gateway: it is not a proxy.')
}

function unauthorized(why: string): TailgateError {
  return new TailgateError(
    'unauthorized',
    `${why}: send a token (Authorization: Bearer …) or log in at the dashboard; tailgate token add makes a token.`,
  )
}
