import type { RequestHandler } from 'express'
import type { RequestGuard } from '../security/request-guard.ts'
import { sendError } from './error-response.ts'

/** Before everything else: a request for another name than ours gets nothing from us, not even a page (DNS rebinding). */
export function ownHost(guard: RequestGuard): RequestHandler {
  return async (request, response, next) => {
    const ours = await guard(request, 'page')
    if (ours.ok) next()
    else sendError(response, ours.error)
  }
}
