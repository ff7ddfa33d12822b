import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** Gives every request an id and logs how it ended. The query is left out: it can hold a token and people's data. */
export function requestLog(log: Logger, now: () => number): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID()
    const startedAt = now()
    // Express rewrites `path` inside a mounted handler, so it is read now.
    const { method, path } = request
    response.setHeader('X-Request-Id', requestId)
    response.once('close', () => {
      const { statusCode: status, writableFinished } = response
      const runId = response.getHeader('X-Run-Id')
      const entry = {
        requestId,
        method,
        path,
        status,
        ms: now() - startedAt,
        ...(runId === undefined ? {} : { runId }),
      }
      log[path === '/health' ? 'debug' : 'info'](entry, writableFinished ? 'request' : 'request cut off')
    })
    next()
  }
}
