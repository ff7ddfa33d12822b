import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { RandomBytes, TokenBook, TokenRecord } from './tokens.ts'

/**
 * The dashboard's login: a signed cookie that names the token it was opened with.
 *
 *     <name> = <digest of the token>.<expiry, ms>.<nonce>.<HMAC-SHA256 of the three>
 *
 * Nothing is kept in memory, so a session survives a restart of the gateway and any number of them costs nothing. It
 * ends when it expires, when its token is revoked, or when the token file gets another session key. Cookies of one
 * host are shared by all its ports: the name tells gateways apart, and the origin checks keep other ports' pages out.
 */

/** How long a login lasts. */
export const SESSION_TTL_MS = 7 * 24 * 60 * 60_000

/** The `Set-Cookie` that opens a session for a token. `secure` when the browser came by https. */
export function sessionCookie(
  book: TokenBook,
  token: TokenRecord,
  { now, secure, randomBytes }: { readonly now: number; readonly secure: boolean; readonly randomBytes: RandomBytes },
): string {
  const claim = `${token.digest}.${now + SESSION_TTL_MS}.${randomBytes(16).toString('base64url')}`
  return setCookie(cookieName(book, secure), `${claim}.${sign(book, claim)}`, SESSION_TTL_MS, secure)
}

/** The `Set-Cookie` that ends a session in this browser. */
export function endedSessionCookie(book: TokenBook, secure: boolean): string {
  return setCookie(cookieName(book, secure), '', 0, secure)
}

/** The token whose valid session a `Cookie` header carries, or null. */
export function findSession(book: TokenBook, cookieHeader: string, now: number): TokenRecord | null {
  const names = [cookieName(book, true), cookieName(book, false)]
  for (const cookie of cookieHeader.split(';')) {
    const [name = '', value = ''] = cookie.trim().split('=', 2)
    if (!names.includes(name)) continue
    const token = verify(book, value, now)
    // Pages of a neighbouring port can plant a cookie of the same name beside ours: look on.
    if (token !== null) return token
  }
  return null
}

function verify(book: TokenBook, value: string, now: number): TokenRecord | null {
  const [, claim = '', digest, expiresAt, mac = ''] = /^((.{64})\.(\d{1,15})\.[\w-]+)\.([\w-]{43})$/.exec(value) ?? []
  const expected = Buffer.from(sign(book, claim))
  const shown = Buffer.from(mac)
  if (shown.length !== expected.length || !timingSafeEqual(shown, expected) || Number(expiresAt) <= now) return null
  return book.tokens.find((token) => token.digest === digest) ?? null
}

function sign(book: TokenBook, claim: string): string {
  const key = Buffer.from(book.sessionKey, 'base64url')
  return createHmac('sha256', key).update(`tailgate session\n${claim}`).digest('base64url')
}

/** `__Host-` makes browsers insist on https, this host and the path /. */
function cookieName(book: TokenBook, secure: boolean): string {
  const gateway = createHash('sha256').update(`tailgate cookie\n${book.sessionKey}`).digest('hex').slice(0, 8)
  return `${secure ? '__Host-' : ''}tailgate_${gateway}`
}

function setCookie(name: string, value: string, maxAgeMs: number, secure: boolean): string {
  const attributes = `Path=/; Max-Age=${maxAgeMs / 1000}; HttpOnly; SameSite=Strict`
  return `${name}=${value}; ${attributes}${secure ? '; Secure' : ''}`
}
