import type { RequestHandler } from 'express'

/**
 * CORS for the origins that `--allow-origin` names, and for no other (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * Their pages call with a token of their own: cookies are never shared with another site.
 */

const METHODS = 'GET, HEAD, POST, DELETE'
const REQUEST_HEADERS = 'Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Range, trpc-accept'
const RESPONSE_HEADERS = 'X-Run-Id, X-Request-Id, Retry-After, Location, ETag, Content-Range, RateLimit'
const PREFLIGHT_SECONDS = '600'

export function crossOrigin(allows: (origin: string) => boolean): RequestHandler {
  return (request, response, next) => {
    const origin = request.get('Origin')
    response.vary('Origin')
    if (origin === undefined || !allows(origin)) return next()
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Expose-Headers', RESPONSE_HEADERS)
    if (request.method !== 'OPTIONS' || request.get('Access-Control-Request-Method') === undefined) return next()
    response.setHeader('Access-Control-Allow-Methods', METHODS)
    response.setHeader('Access-Control-Allow-Headers', REQUEST_HEADERS)
    response.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS)
    response.status(204).end()
  }
}
