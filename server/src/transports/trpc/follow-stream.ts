import { followSchema, type TailgateEvent } from '@tailgate/shared'
import { isTrackedEnvelope } from '@trpc/server'
import type { Request, RequestHandler, Response } from 'express'
import type * as z from 'zod'
import { eitherSignal, signalOf } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { Chunk } from '../sse/chunk.ts'
import { sseBlock } from '../sse/sse-block.ts'
import { streamResponse } from '../sse/stream-response.ts'
import { appRouter } from './app-router.ts'
import { SSE_CLIENT, type TrpcContext } from './trpc.ts'

/**
 * Writes the `runs.follow` subscription to its viewers. The procedure is the router's, who may call it and what is
 * refused too; only the stream is written here, since tRPC encodes each event anew for each viewer. On the wire is what
 * tRPC's own server sends: `connected`, tracked events, `ping` in silence, `return` at the end.
 *
 * Whatever does not begin well is left to tRPC, which then says why. What breaks off later is cut, and its client comes
 * back with its cursor.
 */

const CONNECTED = sseBlock({ event: 'connected', data: [JSON.stringify(SSE_CLIENT)] })
const PING = Chunk.of(sseBlock({ event: 'ping', data: [''] }))
const RETURN = sseBlock({ event: 'return', data: [''] })

/** To be mounted at `/trpc/runs.follow`. */
export function followStream(
  deps: Pick<HttpDependencies, 'closing' | 'heartbeatMs'>,
  createContext: (request: Request, response: Response) => TrpcContext,
): RequestHandler {
  const encode = createTrackedEncoder()
  return async (request, response, next) => {
    const input = request.method === 'GET' && request.path === '/' ? followInput(request) : null
    if (input === null) return next()
    const signal = eitherSignal(signalOf(response), deps.closing)
    const { follow } = appRouter.createCaller(createContext(request, response), { signal }).runs
    const deliveries = await begin(() => follow(input))
    if (deliveries === null) return next()
    const { heartbeatMs } = deps
    await streamResponse({
      response,
      deliveries,
      opening: CONNECTED,
      encode,
      heartbeat: PING,
      heartbeatMs,
      ending: RETURN,
      breakOff: '',
      signal,
    })
  }
}

/** What tRPC would take from the request as the procedure's input; null when that is not one. */
function followInput({ headers, query }: Request): z.infer<typeof followSchema> | null {
  const lastEventId = headers['last-event-id'] ?? query.lastEventId ?? query['Last-Event-Id']
  try {
    const input: unknown = JSON.parse(String(query.input))
    const given = lastEventId === undefined ? {} : { lastEventId }
    return followSchema.safeParse(Object.assign({}, input, given)).data ?? null
  } catch {
    return null
  }
}

/** What the procedure yields, once the first of it is here; null when it refuses. */
async function begin(call: () => Promise<AsyncIterable<unknown>>): Promise<AsyncIterable<unknown> | null> {
  try {
    const yielded = (await call())[Symbol.asyncIterator]()
    let first: Promise<IteratorResult<unknown>> | null = Promise.resolve(await yielded.next())
    const iterator: AsyncIterator<unknown> = {
      next() {
        const next = first ?? yielded.next()
        first = null
        return next
      },
      return: async () => (await yielded.return?.()) ?? { done: true, value: undefined },
    }
    return { [Symbol.asyncIterator]: () => iterator }
  } catch {
    return null
  }
}

/** Viewers at the same place are given the same event, which is encoded once. */
function createTrackedEncoder(): (tracked: unknown) => Chunk {
  const encoded = new WeakMap<TailgateEvent, { readonly id: string; readonly chunk: Chunk }>()
  return (tracked) => {
    if (!isTrackedEnvelope<TailgateEvent>(tracked)) throw new Error('Internal error: an event without its cursor')
    const [id, event] = tracked
    const known = encoded.get(event)
    if (known?.id === id) return known.chunk
    const chunk = Chunk.of(sseBlock({ id, data: [JSON.stringify(event)] }))
    encoded.set(event, { id, chunk })
    return chunk
  }
}
