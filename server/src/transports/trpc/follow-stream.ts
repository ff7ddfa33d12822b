import { followSchema, formatCursor, ok } from '@tailgate/shared'
import type { Request, RequestHandler, Response } from 'express'
import type * as z from 'zod'
import type { Delivery } from '../../feed/delivery.ts'
import { Answer } from '../answer.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { Chunk } from '../sse/chunk.ts'
import { jsonPieces } from '../sse/encode-stretch.ts'
import { encodeOnce, stretchEncoder } from '../sse/event-encoder.ts'
import { sseBlock } from '../sse/sse-block.ts'
import { streamResponse } from '../sse/stream-response.ts'
import { attachToRun } from './attach-to-run.ts'
import { NEVER, procedure, router, SSE_CLIENT, type TrpcContext } from './trpc.ts'

/**
 * Writes the `runs.follow` subscription to its viewers, since tRPC encodes each event anew for each viewer. Who may call
 * it, and what is refused, is said by the same code as in the router. On the wire is what tRPC's own server sends:
 * `connected`, tracked events, `ping` in silence, `return` at the end.
 *
 * Whatever does not begin well is left to tRPC, which then says why. What breaks off later is cut, and its client comes
 * back with its cursor.
 */

const encodeTracked = ({ cursor, event }: Delivery): string =>
  sseBlock({ id: formatCursor(cursor), data: [JSON.stringify(event)] })

const FORMAT = {
  opening: sseBlock({ event: 'connected', data: [JSON.stringify(SSE_CLIENT)] }),
  encode: encodeOnce((delivery) => Chunk.of(encodeTracked(delivery))),
  encodeStretch: stretchEncoder(jsonPieces(null), encodeTracked),
  heartbeat: Chunk.of(sseBlock({ event: 'ping', data: [''] })),
  ending: sseBlock({ event: 'return', data: [''] }),
  breakOff: '',
} as const

async function* nothing(): AsyncGenerator<never, void, void> {}

/** Refuses and attaches as `runs.follow` does; what it gives is not for the wire. */
const attaching = router({
  follow: procedure.input(followSchema).query(async ({ ctx, input, signal = NEVER }) => {
    const attached = await attachToRun(ctx, input, signal)
    if (attached === null) return ok(nothing())
    return await ctx.runs.followInStretches(input.runId, attached.cursor, signal, { kinds: true })
  }),
})

/** To be mounted at `/trpc/runs.follow`. */
export function followStream(
  deps: Pick<HttpDependencies, 'closing' | 'heartbeats' | 'stalledViewerMs' | 'metrics' | 'log'>,
  createContext: (request: Request, response: Response) => TrpcContext,
): RequestHandler {
  return async (request, response, next) => {
    const input = request.method === 'GET' && request.path === '/' ? followInput(request) : null
    if (input === null) return next()
    const answer = Answer.of(response)
    answer.endWith(deps.closing)
    const { signal } = answer
    const { follow } = attaching.createCaller(createContext(request, response), { signal })
    const deliveries = await follow(input).catch(() => null)
    if (deliveries === null || !deliveries.ok) return next()
    await streamResponse({
      ...FORMAT,
      deps,
      response,
      deliveries: deliveries.value,
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
