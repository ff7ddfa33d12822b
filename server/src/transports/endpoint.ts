import { err, ok, type Result, type TailgateError } from '@tailgate/shared'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { MAX_BODY_BYTES } from '../security/limits.ts'
import type { Access, Identity } from '../security/request-guard.ts'
import type { Admit } from './admission.ts'
import { Answer } from './answer.ts'
import { sendError, tooLarge } from './error-response.ts'

/** One request and its answer, once it has been let in. */
export type Exchange = {
  readonly request: Request
  readonly response: Response
  readonly caller: Identity
  /** Aborted when the response is over or its connection is gone. */
  readonly signal: AbortSignal
}

/** Answers the request itself, or returns why not. */
export type Endpoint = (exchange: Exchange) => Promise<Result<void, TailgateError>> | Result<void, TailgateError>

/** Lets nobody but those who may reach an endpoint, and turns its failure into an error response. */
export function endpoint(admit: Admit, access: Access, handle: Endpoint): RequestHandler {
  return async (request, response) => {
    const caller = await admit(request, response, access)
    if (!caller.ok) return sendError(response, caller.error)
    const result = await handle({ request, response, caller: caller.value, signal: Answer.of(response).signal })
    if (!result.ok) sendError(response, result.error)
  }
}

/** Has the body read before the endpoint handles it: only then, so that a caller who is refused sends it to nobody. */
export function withBody(handle: Endpoint, maxBytes = MAX_BODY_BYTES): Endpoint {
  // Nobody compresses a request this small, so what expands to more than it seems is not let in.
  const parseJson = express.json({ limit: maxBytes, inflate: false })
  return async (exchange) => {
    const { request, response } = exchange
    if (Number(request.get('Content-Length') ?? 0) > maxBytes) return err(tooLarge(maxBytes))
    const read = await new Promise<Result<void, TailgateError>>((resolve, reject) => {
      // The parser would read a body that is too long to its end before it refuses it.
      let bytes = 0
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > maxBytes) resolve(err(tooLarge(maxBytes)))
      })
      parseJson(request, response, (error?: unknown) => (error === undefined ? resolve(ok(undefined)) : reject(error)))
    })
    return read.ok ? await handle(exchange) : read
  }
}

/** The run that `/runs/:id…` is about. */
export function runIdOf(request: Request): string {
  const { id } = request.params
  return typeof id === 'string' ? id : ''
}
