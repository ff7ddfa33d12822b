import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { Answer } from './answer.ts'
import type { HttpDependencies } from './http-dependencies.ts'

/** What is asked again and again by machines. */
const PROBES = /^\/(health(\/.*)?|metrics)$/

/** Gives every request an id, counts it, and logs how it ended. The query is left out: it can hold people's data. */
export function requestLog({ log, now, metrics }: Pick<HttpDependencies, 'log' | 'now' | 'metrics'>): RequestHandler {
  return (request, response, next) => {
    const requestId = randomUUID()
    const startedAt = now()
    // Express rewrites `path` inside a mounted handler, so it is read now.
    const { method, path } = request
    response.setHeader('X-Request-Id', requestId)
    Answer.of(response).whenOver(({ status, isWhole, runId }) => {
      metrics.answered(method, status)
      const entry = {
        requestId,
        method,
        path,
        status,
        ms: now() - startedAt,
        ...(runId === undefined ? {} : { runId }),
      }
      log[PROBES.test(path) ? 'debug' : 'info'](entry, isWhole ? 'request' : 'request cut off')
    })
    next()
  }
}
