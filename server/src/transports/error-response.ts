import type { ServerResponse } from 'node:http'
import { HTTP_STATUS, TailgateError } from '@tailgate/shared'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'
import { isReconnecting, sendComeBack } from './sse/come-back.ts'

/** Every refusal and failure over HTTP is JSON: `{error: {code, message, details?}}`. */

export type ErrorOptions = {
  /** Default: the status of the error's code. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export function sendError(response: ServerResponse, error: TailgateError, options: ErrorOptions = {}): void {
  if (response.headersSent) {
    // Half an answer is out: cutting the connection is the only way left to say that it failed.
    response.destroy()
    return
  }
  if (isPassing(error) && isReconnecting(response.req)) {
    sendComeBack(response)
    return
  }
  response.statusCode = options.status ?? HTTP_STATUS[error.code]
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Cache-Control', 'no-store')
  const { retryAfterSeconds } = error.details ?? {}
  if (typeof retryAfterSeconds === 'number') response.setHeader('Retry-After', String(retryAfterSeconds))
  if (error.code === 'unauthorized') {
    response.setHeader('WWW-Authenticate', 'Bearer realm="tailgate"')
    // Who does not belong here shall not keep a connection either.
    if (response.req.complete) response.setHeader('Connection', 'close')
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value)
  response.end(JSON.stringify(error.toBody()))
}

/** The refusal of a body that is longer than it may be. */
export function tooLarge(maxBytes: number): TailgateError {
  return new TailgateError('too-large', `The request body is larger than ${maxBytes} bytes: shorten it.`)
}

/** A failure that is over after a while. */
function isPassing({ code }: TailgateError): boolean {
  return code === 'too-many-requests' || code === 'unavailable'
}

export const unknownAddress: RequestHandler = (request, response) => {
  const message = `There is nothing at ${request.method} ${request.path.slice(0, 200)}; PROTOCOL.md lists what there is.`
  sendError(response, new TailgateError('not-found', message))
}

/** Behind the methods that an address has: 405 with `Allow`, and the answer to `OPTIONS`. */
export function onlyMethods(...methods: readonly string[]): RequestHandler {
  const allow = methods.join(', ')
  return (request, response) => {
    response.setHeader('Allow', allow)
    if (request.method === 'OPTIONS') {
      response.status(204).end()
      return
    }
    const message = `${request.method} is not possible here; use ${methods.join(' or ')}.`
    sendError(response, new TailgateError('method-not-allowed', message))
  }
}

/** Last handler: refusals of the body parser and the router, and our own bugs, which go to the log. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, _next) => {
    const refusal = refusalOf(thrown)
    if (refusal === null) {
      log.error({ err: thrown, requestId: response.getHeader('X-Request-Id'), path: request.path }, 'request failed')
    }
    sendError(response, refusal ?? TailgateError.from(thrown))
  }
}

/** What Express and its body parser throw for a bad request, in our words; null for anything else. */
function refusalOf(thrown: unknown): TailgateError | null {
  if (!(thrown instanceof Error) || !('status' in thrown) || typeof thrown.status !== 'number') return null
  if (thrown.status < 400 || thrown.status >= 500) return null
  const isJson = 'type' in thrown && thrown.type === 'entity.parse.failed'
  const message = isJson ? `The body is not JSON: ${thrown.message}.` : `Bad request: ${thrown.message}.`
  return new TailgateError('bad-request', message, { cause: thrown })
}
