import type { AppRouter } from '@tailgate/server'
import {
  engineInfoSchema,
  fileListSchema,
  linesPageSchema,
  marksPageSchema,
  rateSchema,
  runPageSchema,
  runSchema,
  searchPageSchema,
  sourceSchema,
} from '@tailgate/shared'
import { createTRPCClient, httpLink, httpSubscriptionLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import { parseEvent } from './event.ts'
import { parseAnswer, type Schema, throwIfAborted } from './failure.ts'
import type { GatewayAccess } from './gateway-access.ts'
import { Inbox } from './inbox.ts'
import { createPacedFetch } from './paced-fetch.ts'
import { artifactsSchema, createRestCalls } from './rest-calls.ts'
import { MAX_FRAME_LENGTH } from './sse-transport.ts'
import type { CallOptions, StreamItem, Transport } from './transport.ts'
import { trpcFailure } from './trpc-failure.ts'

/**
 * The tRPC transport: procedures, and the subscription `runs.follow` over SSE.
 *
 * Each connection is one subscription over one `EventSource`, which is closed when its connection is lost: resuming,
 * with the cursor in the input, belongs to resuming-stream.ts.
 */

/** How many events may wait for the consumer before no more is read; each holds at most 64 KiB of log or one line. */
const MAX_PENDING_EVENTS = 64

export function createTrpcTransport(access: GatewayAccess): Transport {
  const url = `${access.base}/trpc`
  const { remove, login, logout, whoAmI, health } = createRestCalls(access)
  // One request per call: a batch is aborted only when all its calls are, and has one status for all of them.
  const link = httpLink({
    url,
    fetch: (to, init) => access.fetch(to instanceof Request ? to.url : to, { ...init, signal: init?.signal ?? null }),
  })
  const { runs, files, engine } = createTRPCClient<AppRouter>({ links: [link] })

  async function call<T>(
    schema: Schema<T>,
    procedure: string,
    { signal }: CallOptions,
    send: (options: { signal?: AbortSignal }) => Promise<unknown>,
  ): Promise<T> {
    throwIfAborted(signal)
    try {
      const answer = await send(signal === undefined ? {} : { signal })
      return parseAnswer(schema, answer, `The answer to ${procedure}`)
    } catch (cause) {
      throw trpcFailure(cause, access.base, signal)
    }
  }

  return {
    start: (request, options) => call(runSchema, 'runs.start', options, (opts) => runs.start.mutate(request, opts)),
    get: (runId, options) => call(runSchema, 'runs.get', options, (opts) => runs.get.query({ runId }, opts)),
    list: (request, options) => call(runPageSchema, 'runs.list', options, (opts) => runs.list.query(request, opts)),
    cancel: (runId, options) => call(runSchema, 'runs.cancel', options, (opts) => runs.cancel.mutate({ runId }, opts)),
    lines: (request, options) =>
      call(linesPageSchema, 'runs.lines', options, (opts) => runs.lines.query(request, opts)),
    marks: (request, options) =>
      call(marksPageSchema, 'runs.marks', options, (opts) => runs.marks.query(request, opts)),
    search: (request, options) =>
      call(searchPageSchema, 'runs.search', options, (opts) => runs.search.query(request, opts)),
    artifacts: async (runId, options) => {
      const send = (opts: { signal?: AbortSignal }) => runs.artifacts.query({ runId }, opts)
      return (await call(artifactsSchema, 'runs.artifacts', options, send)).artifacts
    },
    source: (runId, options) =>
      call(sourceSchema, 'runs.source', options, (opts) => runs.source.query({ runId }, opts)),
    rate: (runId, options) => call(rateSchema, 'runs.rate', options, (opts) => runs.rate.query({ runId }, opts)),
    listFiles: (request, options) =>
      call(fileListSchema, 'files.list', options, (opts) => files.list.query(request, opts)),
    readFile: (request, options) =>
      call(sourceSchema, 'files.read', options, (opts) => files.read.query(request, opts)),
    engineInfo: (options) =>
      call(engineInfoSchema, 'engine.info', options, (opts) => engine.info.query(undefined, opts)),
    // The router has none of these: they are for plain HTTP.
    remove,
    login,
    logout,
    whoAmI,
    health,

    async *connect(runId, start, signal) {
      const from = typeof start === 'string' ? { lastEventId: start } : (start ?? {})
      const inbox = new Inbox<StreamItem>(MAX_PENDING_EVENTS)
      const fail = (cause: unknown) => inbox.close({ failure: trpcFailure(cause, access.base, signal) })
      const fetch = createPacedFetch({
        fetch: access.fetch,
        room: () => inbox.room(),
        // Pings do not reach subscribers, bytes do; whoever has events to take need not hear that more came.
        onBytes: () => inbox.size === 0 && inbox.push({ type: 'alive' }),
        onFailure: fail,
      })
      const link = httpSubscriptionLink({
        url,
        EventSource,
        eventSourceOptions: { fetch, maxBufferSize: MAX_FRAME_LENGTH },
      })
      let events = 0
      const subscription = createTRPCClient<AppRouter>({ links: [link] }).runs.follow.subscribe(
        { runId, ...from },
        {
          onData: ({ id, data }) => {
            try {
              const event = parseEvent(data)
              events += 1
              if (event !== null) inbox.push({ type: 'event', cursor: id, event })
            } catch (failure) {
              fail(failure)
            }
          },
          onError: fail,
          // A gateway that shuts down also ends its procedures in good order: only an empty stream says "nothing more".
          onStopped: () => {
            if (events === 0) inbox.push({ type: 'done' })
            inbox.close()
          },
          onConnectionStateChange: ({ state, error }) => {
            if (state === 'connecting' && error !== null) fail(error)
          },
        },
      )
      const onAbort = () => fail(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        if (signal.aborted) onAbort()
        yield* inbox.take()
      } finally {
        signal.removeEventListener('abort', onAbort)
        subscription.unsubscribe()
        inbox.close()
      }
    },
  }
}
