import { createHash } from 'node:crypto'
import type { RandomBytes } from './tokens.ts'

/**
 * One-time codes, for the start link that the gateway prints: whoever reads the terminal logs in with it, once.
 * A code names a token, and the session that it opens ends when that token is revoked.
 */

/** A code that nobody used for this long is void. */
export const LOGIN_CODE_TTL_MS = 15 * 60_000

/** The most codes that are open at once; the oldest gives way. */
export const MAX_LOGIN_CODES = 20

export interface LoginCodes {
  /** A new code for the token with this digest. */
  issue(tokenDigest: string): string
  /** The digest of the token that a code stands for, the first time it is shown in time; null otherwise. */
  redeem(code: string): string | null
}

export function createLoginCodes({
  now,
  randomBytes,
}: {
  readonly now: () => number
  readonly randomBytes: RandomBytes
}): LoginCodes {
  // By the code's hash, so that the time a look-up takes says nothing of the codes.
  const open = new Map<string, { readonly tokenDigest: string; readonly expiresAt: number }>()
  const hash = (code: string) => createHash('sha256').update(code).digest('hex')

  return {
    issue(tokenDigest) {
      const [oldest] = open.keys()
      if (open.size >= MAX_LOGIN_CODES && oldest !== undefined) open.delete(oldest)
      const code = randomBytes(32).toString('base64url')
      open.set(hash(code), { tokenDigest, expiresAt: now() + LOGIN_CODE_TTL_MS })
      return code
    },
    redeem(code) {
      const key = hash(code)
      const found = open.get(key)
      open.delete(key)
      return found !== undefined && now() < found.expiresAt ? found.tokenDigest : null
    },
  }
}
