import type { IncomingMessage } from 'node:http'
import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type { Request, RequestHandler, Response } from 'express'
import { rateLimit } from 'express-rate-limit'
import type { Access, Identity, RequestGuard } from '../security/request-guard.ts'
import type { KeepConnection } from './connection-limit.ts'

/**
 * The way in for every request that is about runs: first the guard, then the allowance of whoever it is.
 *
 * The allowance is a caller's, not an address's: on loopback, and behind a proxy, everybody has the same address, and
 * nobody should be able to use up what is another's. So it comes after the guard, and refusals are not counted.
 */

/** Lets a request in as somebody, or says why not. However often one request is asked about, it is counted once. */
export type Admit = (request: Request, response: Response, access: Access) => Promise<Result<Identity, TailgateError>>

const WINDOW_MS = 60_000

export function createAdmission({
  guard,
  keepConnection,
  requestsPerMinute,
}: {
  readonly guard: RequestGuard
  readonly keepConnection: KeepConnection
  readonly requestsPerMinute: number
}): Admit {
  const callers = new WeakMap<Request, string>()
  const counted = new WeakMap<Request, Promise<Result<void, TailgateError>>>()
  const kept = new WeakSet<Request>()
  const limiter = rateLimit({
    windowMs: WINDOW_MS,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => callers.get(request) ?? '',
    handler: (_request, response, next) => next(tooMany(requestsPerMinute, response)),
    // Its warnings are about addresses that proxies report, and here no address is believed.
    validate: false,
  })

  return async (request, response, access) => {
    const identity = await guard(request, access)
    if (!identity.ok) return identity
    callers.set(request, clientKey(identity.value, request))
    const counting = counted.get(request) ?? count(limiter, request, response)
    counted.set(request, counting)
    const allowed = await counting
    if (!allowed.ok) return allowed
    if (!kept.has(request)) keepConnection(request, response)
    kept.add(request)
    return identity
  }
}

/** By what a caller's requests and streams are counted: the name, or the address where callers have none. */
export function clientKey({ name }: Pick<Identity, 'name'>, { socket }: IncomingMessage): string {
  return name === null ? `address ${socket.remoteAddress ?? 'of a Unix socket'}` : `name ${name}`
}

async function count(
  limiter: RequestHandler,
  request: Request,
  response: Response,
): Promise<Result<void, TailgateError>> {
  const thrown = await new Promise<unknown>((resolve, reject) => {
    Promise.resolve(limiter(request, response, resolve)).catch(reject)
  })
  if (thrown instanceof TailgateError) return err(thrown)
  if (thrown !== undefined) throw thrown
  return ok(undefined)
}

function tooMany(limit: number, response: Response): TailgateError {
  const seconds = Number(response.getHeader('Retry-After'))
  const retryAfterSeconds = Number.isFinite(seconds) && seconds > 0 ? seconds : WINDOW_MS / 1000
  return new TailgateError(
    'too-many-requests',
    `You sent more than ${limit} requests in a minute: slow down, or start the gateway with a higher --max-requests.`,
    { details: { limit, retryAfterSeconds } },
  )
}
