import { TailgateError } from '@tailgate/shared'
import type { RequestHandler } from 'express'
import { sendError } from './error-response.ts'

/** Connections that are kept alive can still ask while the gateway is closing. */
export function refuseWhileClosing(closing: AbortSignal): RequestHandler {
  return (_request, response, next) => {
    if (!closing.aborted) return next()
    const headers = { Connection: 'close', 'Retry-After': '5' }
    sendError(response, new TailgateError('unavailable', 'The gateway is shutting down; try again soon.'), { headers })
  }
}
