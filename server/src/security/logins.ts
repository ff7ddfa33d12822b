import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type { AuditEntry } from './audit-log.ts'
import type { LoginCodes } from './login-codes.ts'
import type { Identity } from './request-guard.ts'
import { endedSessionCookie, sessionCookie } from './sessions.ts'
import type { TokenFile } from './token-file.ts'
import { findToken, type RandomBytes, type TokenBook, type TokenRecord } from './tokens.ts'

/** Logging in and out of the dashboard: a token or a one-time code is turned into a session cookie. */

/** What is shown to log in. */
export type Credential = { readonly token: string } | { readonly code: string }

/** Where a login comes from. */
export type LoginOrigin = {
  /** The browser came by https, so the cookie may insist on it. */
  readonly secure: boolean
  readonly address: string | null
}

/** Someone who is now logged in. */
export type Login = Identity & {
  /** The value for `Set-Cookie`. */
  readonly cookie: string
}

export interface Logins {
  /** Fails with `unauthorized`, or `unavailable` when the token file cannot be used. */
  login(credential: Credential, origin: LoginOrigin): Promise<Result<Login, TailgateError>>
  /** The values for `Set-Cookie` that end the session in this browser; none when there can be no session. */
  logout(name: string | null, address: string | null): Promise<readonly string[]>
  /** A one-time code for the start link; null while there is no token that may run. */
  issueCode(): Promise<string | null>
}

export type LoginsOptions = {
  readonly readTokens: TokenFile['read']
  readonly codes: LoginCodes
  readonly record: (entry: AuditEntry) => void
  readonly now: () => number
  readonly randomBytes: RandomBytes
}

export function createLogins({ readTokens, codes, record, now, randomBytes }: LoginsOptions): Logins {
  function byCode(book: TokenBook, code: string): TokenRecord | null {
    const named = codes.redeem(code)
    return book.tokens.find(({ digest }) => digest === named) ?? null
  }

  return {
    async login(credential, { secure, address }) {
      const book = await readTokens()
      if (!book.ok) return book
      const token =
        'token' in credential ? findToken(book.value, credential.token) : byCode(book.value, credential.code)
      if (token === null) return err(refused(credential))
      const { name, role } = token
      record({ action: 'login', by: name, address })
      return ok({ name, role, cookie: sessionCookie(book.value, token, { now: now(), secure, randomBytes }) })
    },
    async logout(name, address) {
      if (name !== null) record({ action: 'logout', by: name, address })
      const book = await readTokens()
      return book.ok ? [true, false].map((secure) => endedSessionCookie(book.value, secure)) : []
    },
    async issueCode() {
      const book = await readTokens()
      const token = book.ok ? book.value.tokens.find(({ role }) => role === 'run') : undefined
      return token === undefined ? null : codes.issue(token.digest)
    },
  }
}

function refused(credential: Credential): TailgateError {
  return 'token' in credential
    ? new TailgateError('unauthorized', 'The token is wrong or was revoked: tailgate token add makes a new one.')
    : new TailgateError(
        'unauthorized',
        'The link was used or is too old: log in with a token; tailgate token add makes one.',
      )
}
