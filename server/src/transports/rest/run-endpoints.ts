import {
  err,
  linesQuerySchema,
  listRunsQuerySchema,
  marksQuerySchema,
  ok,
  type Result,
  searchQuerySchema,
  startRunSchema,
  TailgateError,
} from '@tailgate/shared'
import { unknownRun } from '../../runs/unknown-run.ts'
import { type Endpoint, runIdOf } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { parseBody, parseQuery } from '../invalid-request.ts'

/** Runs as JSON: start, list, look at, cancel, forget; pages of lines and matches. */
export type RunEndpoints = Readonly<
  Record<
    'start' | 'list' | 'get' | 'cancel' | 'remove' | 'lines' | 'marks' | 'search' | 'source' | 'rate' | 'artifacts',
    Endpoint
  >
>

export function createRunEndpoints({ runs }: Pick<HttpDependencies, 'runs'>): RunEndpoints {
  return {
    start: async ({ request, response, caller }) => {
      const body = parseBody(startRunSchema, request.body)
      if (!body.ok) return body
      const runKey = oneRunKey(body.value.runKey, request.get('Idempotency-Key'))
      if (!runKey.ok) return runKey
      const started = await runs.start({ ...body.value, ...runKey.value }, caller)
      if (!started.ok) return started
      const { run, created } = started.value
      response.status(created ? 201 : 200)
      response.location(`/runs/${run.id}`)
      // For the gateway's own log, too.
      response.setHeader('X-Run-Id', run.id)
      response.json(run)
      return ok(undefined)
    },

    list: ({ request, response }) => {
      const query = parseQuery(listRunsQuerySchema, request.query)
      if (!query.ok) return query
      const page = runs.list(query.value)
      if (!page.ok) return page
      response.json(page.value)
      return ok(undefined)
    },

    get: ({ request, response }) => {
      const runId = runIdOf(request)
      const run = runs.get(runId)
      if (run === undefined) return err(unknownRun(runId))
      response.json(run)
      return ok(undefined)
    },

    cancel: async ({ request, response, caller }) => {
      const cancelled = await runs.cancel(runIdOf(request), caller)
      if (!cancelled.ok) return cancelled
      response.status(202).json(cancelled.value)
      return ok(undefined)
    },

    remove: async ({ request, response, caller }) => {
      const removed = await runs.remove(runIdOf(request), caller)
      if (!removed.ok) return removed
      response.status(204).end()
      return ok(undefined)
    },

    lines: async ({ request, response, signal }) => {
      const query = parseQuery(linesQuerySchema, request.query)
      if (!query.ok) return query
      const page = await runs.lines({ runId: runIdOf(request), ...query.value }, signal)
      if (!page.ok) return page
      response.json(page.value)
      return ok(undefined)
    },

    marks: async ({ request, response, signal }) => {
      const query = parseQuery(marksQuerySchema, request.query)
      if (!query.ok) return query
      const page = await runs.marks({ runId: runIdOf(request), ...query.value }, signal)
      if (!page.ok) return page
      response.json(page.value)
      return ok(undefined)
    },

    search: async ({ request, response, signal }) => {
      const query = parseQuery(searchQuerySchema, request.query)
      if (!query.ok) return query
      const page = await runs.search({ runId: runIdOf(request), ...query.value }, signal)
      if (!page.ok) return page
      response.json(page.value)
      return ok(undefined)
    },

    source: async ({ request, response }) => {
      const source = await runs.source(runIdOf(request))
      if (!source.ok) return source
      response.json(source.value)
      return ok(undefined)
    },

    rate: async ({ request, response }) => {
      const rate = await runs.rate(runIdOf(request))
      if (!rate.ok) return rate
      response.json(rate.value)
      return ok(undefined)
    },

    artifacts: ({ request, response }) => {
      const runId = runIdOf(request)
      const run = runs.get(runId)
      if (run === undefined) return err(unknownRun(runId))
      response.json({ artifacts: run.artifacts })
      return ok(undefined)
    },
  }
}

/** The run key may come in the body, in the header, or the same in both. */
function oneRunKey(
  inBody: string | undefined,
  inHeader: string | undefined,
): Result<{ runKey?: string }, TailgateError> {
  if (inHeader === undefined) return ok(inBody === undefined ? {} : { runKey: inBody })
  if (inBody !== undefined && inBody !== inHeader) {
    const message = 'The header Idempotency-Key and "runKey" in the body differ; send one of them, or the same in both.'
    return err(new TailgateError('bad-request', message, { details: { parameter: 'runKey' } }))
  }
  const parsed = parseQuery(startRunSchema.pick({ runKey: true }), { runKey: inHeader })
  return parsed.ok ? ok({ runKey: inHeader }) : parsed
}
