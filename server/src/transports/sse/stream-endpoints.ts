import {
  type Cursor,
  err,
  ok,
  type Result,
  type Run,
  type RunFile,
  runFileBodySchema,
  runFileQuerySchema,
  type StartRun,
  streamQuerySchema,
  TailgateError,
} from '@tailgate/shared'
import { unknownRun } from '../../runs/unknown-run.ts'
import { Answer } from '../answer.ts'
import { type Endpoint, type Exchange, runIdOf } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { parseBody, parseQuery } from '../invalid-request.ts'
import { takeStreamPlace } from '../stream-place.ts'
import { tailCursor } from '../tail-cursor.ts'
import { attachPoint } from './attach-point.ts'
import { Chunk } from './chunk.ts'
import { createEventEncoders } from './event-encoder.ts'
import { sseComment } from './sse-block.ts'
import { SSE_HEADERS } from './sse-headers.ts'
import { streamResponse } from './stream-response.ts'

/** The three requests that answer with Server-Sent Events. Only the two `run_file` ones can start a run. */
export type StreamEndpoints = {
  readonly runFileByQuery: Endpoint
  readonly runFileByBody: Endpoint
  readonly streamRun: Endpoint
}

type Format = 'text' | 'json'

const HEARTBEAT = Chunk.of(sseComment('still here'))

export function createStreamEndpoints(deps: HttpDependencies): StreamEndpoints {
  const encoders = createEventEncoders(deps.now)

  const runFileByQuery: Endpoint = async (exchange) => {
    const query = parseQuery(runFileQuerySchema, exchange.request.query)
    if (!query.ok) return query
    const { lastEventId, ...runFile } = query.value
    return runFileOrResume(exchange, runFile, lastEventId)
  }

  const runFileByBody: Endpoint = async (exchange) => {
    const body = parseBody(runFileBodySchema, exchange.request.body)
    return body.ok ? runFileOrResume(exchange, body.value, undefined) : body
  }

  async function runFileOrResume(
    exchange: Exchange,
    runFile: RunFile,
    lastEventId: string | undefined,
  ): Promise<Result<void, TailgateError>> {
    const format = runFile.format ?? 'text'
    const point = attachPoint({ header: exchange.request.get('Last-Event-ID'), lastEventId })
    if (!point.ok) return point
    if (point.value.type === 'over') return stopReconnecting(exchange)
    if (point.value.type === 'resume') {
      const { cursor } = point.value
      const run = deps.runs.get(cursor.runId)
      return run === undefined ? stopReconnecting(exchange) : stream(exchange, run, cursor, format)
    }
    const started = await deps.runs.start(startRequest(runFile), exchange.caller)
    return started.ok ? stream(exchange, started.value.run, null, format) : err(inFacadeTerms(started.error))
  }

  const streamRun: Endpoint = async (exchange) => {
    const query = parseQuery(streamQuerySchema, exchange.request.query)
    if (!query.ok) return query
    const { format = 'text', lastEventId, cursor, tail } = query.value
    const point = attachPoint({ header: exchange.request.get('Last-Event-ID'), lastEventId, cursor })
    if (!point.ok) return point
    if (point.value.type === 'over') return stopReconnecting(exchange)

    const runId = runIdOf(exchange.request)
    const run = deps.runs.get(runId)
    if (point.value.type === 'beginning') {
      if (run === undefined) return err(unknownRun(runId))
      const start = tail === undefined ? ok(null) : await tailCursor(deps.runs, runId, tail, exchange.signal)
      return start.ok ? stream(exchange, run, start.value, format) : start
    }
    const { cursor: from, reconnecting } = point.value
    if (reconnecting && (run === undefined || from.runId !== runId)) return stopReconnecting(exchange)
    if (run === undefined) return err(unknownRun(runId))
    if (from.runId !== runId) {
      const message = 'Bad parameter "cursor": it belongs to another run.'
      return err(new TailgateError('bad-request', message, { details: { parameter: 'cursor' } }))
    }
    return stream(exchange, run, from, format)
  }

  async function stream(
    { request, response, signal }: Exchange,
    run: Run,
    cursor: Cursor | null,
    format: Format,
  ): Promise<Result<void, TailgateError>> {
    response.setHeader('X-Run-Id', run.id)
    if (request.method === 'HEAD') {
      response.writeHead(200, SSE_HEADERS).end()
      return ok(undefined)
    }
    Answer.of(response).endWith(deps.closing)
    const { opening, encode, encodeStretch, tellsKinds } = encoders[format]
    const deliveries = await deps.runs.followInStretches(run.id, cursor, signal, { kinds: tellsKinds })
    if (!deliveries.ok) return deliveries
    await streamResponse({
      deps,
      response,
      deliveries: deliveries.value,
      opening: opening(run, cursor),
      encode,
      encodeStretch,
      heartbeat: HEARTBEAT,
      ending: '',
      breakOff: sseComment('the gateway is closing; come back with the last id'),
      signal,
    })
    return ok(undefined)
  }

  /** A place among the streams comes first: what nobody could watch, though somebody wants to, shall not start. */
  const inPlace =
    (handle: Endpoint): Endpoint =>
    async (exchange) => {
      const place = takeStreamPlace(deps, exchange)
      return place.ok ? await handle(exchange) : place
    }

  return {
    runFileByQuery: inPlace(runFileByQuery),
    runFileByBody: inPlace(runFileByBody),
    streamRun: inPlace(streamRun),
  }
}

/** 204 is what stops an `EventSource` for good. */
function stopReconnecting({ response }: Exchange): Result<void, TailgateError> {
  response.status(204).end()
  return ok(undefined)
}

/** The façade's parameters as the request they stand for; its timeout is in seconds. */
function startRequest(runFile: RunFile): StartRun {
  const { file_path: file, timeout, working_dir: workingDir, args, run_key: runKey, cancel_on_disconnect } = runFile
  return {
    file,
    ...(args === undefined ? {} : { args }),
    ...(workingDir === undefined ? {} : { workingDir }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(runKey === undefined ? {} : { runKey }),
    ...(cancel_on_disconnect === undefined ? {} : { cancelOnDisconnect: cancel_on_disconnect }),
  }
}

const FACADE_NAMES: Readonly<Record<string, string>> = {
  file: 'file_path',
  workingDir: 'working_dir',
  runKey: 'run_key',
}

/** A refused start, with the offending parameter named as its caller wrote it. */
function inFacadeTerms(error: TailgateError): TailgateError {
  const { parameter } = error.details ?? {}
  const name = typeof parameter === 'string' ? FACADE_NAMES[parameter] : undefined
  if (name === undefined) return error
  return new TailgateError(error.code, error.message, { details: { ...error.details, parameter: name }, cause: error })
}
