import type { ServerResponse } from 'node:http'
import { createExpressMiddleware } from '@trpc/server/adapters/express'
import type { Express, Request, RequestHandler, Response } from 'express'
import { MAX_BODY_BYTES } from '../../security/limits.ts'
import type { Admit } from '../admission.ts'
import { Answer } from '../answer.ts'
import { onlyMethods } from '../error-response.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { takeStreamPlace } from '../stream-place.ts'
import { appRouter } from './app-router.ts'
import { followStream } from './follow-stream.ts'
import type { TrpcContext } from './trpc.ts'
import { toTailgateError } from './trpc-errors.ts'

/** The most calls in one batch; a page of the dashboard needs a handful. */
const MAX_BATCH_SIZE = 50

export function mountTrpc(app: Express, deps: HttpDependencies, admit: Admit): void {
  const createContext = (request: Request, response: Response): TrpcContext => ({
    runs: deps.runs,
    files: deps.files,
    engine: deps.engine,
    authorize: (access) => admit(request, response, access),
    openStream: (caller) => takeStreamPlace(deps, { request, response, caller }),
  })
  app.use('/trpc/runs.follow', cutStreamsWhenClosing(deps.closing), followStream(deps, createContext))
  app.use(
    '/trpc',
    refuseOtherMethods,
    cutStreamsWhenClosing(deps.closing),
    createExpressMiddleware({
      router: appRouter,
      maxBodySize: MAX_BODY_BYTES,
      maxBatchSize: MAX_BATCH_SIZE,
      createContext: ({ req, res }) => createContext(req, res),
      onError: ({ error, path }) => {
        if (toTailgateError(error).code === 'internal') deps.log.error({ err: error, procedure: path }, 'call failed')
      },
    }),
  )
}

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS']

/** tRPC answers some methods as if they were bugs of ours. */
const refuseOtherMethods: RequestHandler = (request, response, next) => {
  if (METHODS.includes(request.method)) next()
  else onlyMethods('GET', 'POST')(request, response, next)
}

/**
 * A subscription that returns is over for its client; one whose connection breaks is resumed from its cursor. So when
 * the gateway closes, the connection is cut.
 */
function cutStreamsWhenClosing(closing: AbortSignal): RequestHandler {
  return (_request, response: ServerResponse, next) => {
    const answer = Answer.of(response)
    const cut = () => {
      if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) answer.cut()
    }
    closing.addEventListener('abort', cut, { once: true })
    answer.whenOver(() => closing.removeEventListener('abort', cut))
    next()
  }
}
