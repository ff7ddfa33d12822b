import { err, ok, type Result } from '@tailgate/shared'
import { isLoopback } from './ip-address.ts'

/** Whether a gateway may be started where it is asked to listen: loopback is lenient, everything else is not. */

/**
 * Who is let in.
 * - `auto`: on loopback, processes of the gateway's own user, by the kernel's word (Linux); everybody else by token
 * - `token`: by token only
 * - `none`: everybody who can connect
 */
export const AUTH_MODES = ['auto', 'token', 'none'] as const
export type AuthMode = (typeof AUTH_MODES)[number]

/** What is wrong with starting like this, or what the admin should be warned of (null: nothing). */
export function checkExposure({
  auth,
  host,
  tokens,
}: {
  readonly auth: AuthMode
  /** Address or name to listen on; null for a Unix socket. */
  readonly host: string | null
  /** How many tokens there are. */
  readonly tokens: number
}): Result<string | null, string> {
  if (host === null) return checkSocket(auth, tokens)
  const isLocal = host.toLowerCase() === 'localhost' || isLoopback(host)
  if (auth === 'none') {
    if (!isLocal)
      return err(`--auth none would let everybody on the network run code: use --auth token, or --host 127.0.0.1.`)
    return ok('--auth none lets every user of this machine run code as you: use it only where you are alone.')
  }
  if (tokens === 0 && (auth === 'token' || !isLocal)) return err(NO_TOKEN)
  if (isLocal) return ok(null)
  return ok('Tokens and logs cross the network unencrypted unless a TLS proxy is in front: see docs/admin.md.')
}

const NO_TOKEN = 'There is no token, so nobody could come in: make one with tailgate token add.'

/** Who may open a socket is up to its directory and its group, and a proxy may speak for anybody: tokens tell. */
function checkSocket(auth: AuthMode, tokens: number): Result<null, string> {
  if (auth === 'none')
    return err('--auth none is for loopback addresses only, not for a Unix socket: use --auth token.')
  return tokens === 0 ? err(NO_TOKEN) : ok(null)
}
