import { loginSchema, ok, type WhoAmI } from '@tailgate/shared'
import type { Credential, Logins } from '../../security/logins.ts'
import type { RequestGuard } from '../../security/request-guard.ts'
import type { Endpoint, Exchange } from '../endpoint.ts'
import { parseBody } from '../invalid-request.ts'

/** The dashboard's login: a token or a one-time code becomes a cookie that no script can read. */

/** Bytes of a login's body, which anybody may send. */
export const MAX_LOGIN_BYTES = 4 * 1024

export type LoginEndpoints = Readonly<Record<'login' | 'logout' | 'whoAmI', Endpoint>>

export function createLoginEndpoints({
  logins,
  guard,
}: {
  readonly logins: Logins
  readonly guard: RequestGuard
}): LoginEndpoints {
  return {
    login: async ({ request, response }) => {
      const body = parseBody(loginSchema, request.body)
      if (!body.ok) return body
      const credential = credentialOf(body.value)
      const login = await logins.login(credential, { secure: isHttps(request), address: addressOf(request) })
      if (!login.ok) return login
      const { cookie, name, role } = login.value
      response.setHeader('Set-Cookie', cookie)
      response.json({ name, role } satisfies WhoAmI)
      return ok(undefined)
    },

    logout: async ({ request, response }) => {
      const who = await guard(request, 'read')
      const cookies = await logins.logout(who.ok ? who.value.name : null, addressOf(request))
      response.setHeader('Set-Cookie', cookies)
      response.status(204).end()
      return ok(undefined)
    },

    whoAmI: ({ response, caller: { name, role } }) => {
      response.json({ name, role } satisfies WhoAmI)
      return ok(undefined)
    },
  }
}

function credentialOf({ token, code }: { token?: string | undefined; code?: string | undefined }): Credential {
  return token === undefined ? { code: code ?? '' } : { token }
}

/** Browsers send an origin with every `POST`; behind a TLS proxy only it knows that the page came by https. */
function isHttps(request: Exchange['request']): boolean {
  return request.get('Origin')?.startsWith('https:') ?? false
}

function addressOf({ socket }: Exchange['request']): string | null {
  return socket.remoteAddress ?? null
}
