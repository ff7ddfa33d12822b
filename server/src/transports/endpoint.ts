import type { ServerResponse } from 'node:http'
import type { Result, TailgateError } from '@tailgate/shared'
import type { Request, RequestHandler, Response } from 'express'
import type { Caller } from '../runs/run-service.ts'
import type { RequestGuard } from '../security/request-guard.ts'
import { sendError } from './error-response.ts'

/** One request and its answer, once the guard has let it in. */
export type Exchange = {
  readonly request: Request
  readonly response: Response
  readonly caller: Caller
  /** Aborted when the response is over or its connection is gone. */
  readonly signal: AbortSignal
}

/** Answers the request itself, or returns why not. */
export type Endpoint = (exchange: Exchange) => Promise<Result<void, TailgateError>> | Result<void, TailgateError>

/** Puts the guard before an endpoint and turns its failure into an error response. */
export function endpoint(guard: RequestGuard, action: 'read' | 'act', handle: Endpoint): RequestHandler {
  return async (request, response) => {
    const caller = await guard(request, action)
    if (!caller.ok) return sendError(response, caller.error)
    const result = await handle({ request, response, caller: caller.value, signal: signalOf(response) })
    if (!result.ok) sendError(response, result.error)
  }
}

/** The run that `/runs/:id…` is about. */
export function runIdOf(request: Request): string {
  const { id } = request.params
  return typeof id === 'string' ? id : ''
}

function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  // Not the request's `close`, which comes as soon as its body is read. A broken socket emits `error` and then `close`.
  response.once('close', () => controller.abort())
  response.on('error', () => controller.abort())
  if (response.closed) controller.abort()
  return controller.signal
}
