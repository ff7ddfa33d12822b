import type { IncomingMessage } from 'node:http'
import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type { Caller } from '../runs/run-service.ts'

/**
 * Decides whether a request may go on, and who is asking. Transports ask it before they do anything else.
 *
 * `read` looks at runs; `act` starts, cancels or forgets one. A guard only looks at the request: it answers the same
 * however often it is asked.
 */
export type RequestGuard = (
  request: IncomingMessage,
  action: 'read' | 'act',
) => Promise<Result<Caller, TailgateError>> | Result<Caller, TailgateError>

/**
 * Lets everybody in, and still never acts on what no user asked for: a `HEAD`, a prefetch, or a request that another
 * web site made the browser send.
 */
export const openGuard: RequestGuard = (request, action) => {
  const refusal = action === 'act' ? refuseUnasked(request) : null
  return refusal === null ? ok({ name: null }) : err(refusal)
}

/** Why this request must not act, or null. */
export function refuseUnasked(request: IncomingMessage): TailgateError | null {
  const { headers, method } = request
  if (method === 'HEAD') return new TailgateError('method-not-allowed', 'HEAD starts nothing here; use GET or POST.')

  const purpose = headers['sec-purpose'] ?? headers.purpose ?? headers['x-moz']
  if (purpose?.includes('prefetch')) {
    return new TailgateError('forbidden', 'A prefetch starts nothing; ask again once the answer is wanted.')
  }

  const site = headers['sec-fetch-site']
  if (site === 'cross-site' || site === 'same-site') {
    return new TailgateError('forbidden', 'Another web site sent this request; use the gateway from its own address.')
  }

  if (headers.origin !== undefined && hostOf(headers.origin) !== headers.host?.toLowerCase()) {
    return new TailgateError(
      'forbidden',
      'The Origin of this request is not the gateway; use the gateway from its own address.',
      { details: { origin: headers.origin } },
    )
  }
  return null
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}
