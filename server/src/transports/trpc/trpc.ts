import type { Result, TailgateError } from '@tailgate/shared'
import { HEARTBEAT_MS, STALL_AFTER_MS } from '@tailgate/shared'
import { initTRPC } from '@trpc/server'
import type { RunService } from '../../runs/run-service.ts'
import type { Access, Identity } from '../../security/request-guard.ts'
import type { HttpDependencies } from '../http-dependencies.ts'
import { toTailgateError, toTrpcError } from './trpc-errors.ts'

/** tRPC as the gateway uses it: who may call, what errors look like, when a silent subscription gets a ping. */

export type TrpcContext = {
  readonly runs: RunService
  readonly files: HttpDependencies['files']
  readonly engine: HttpDependencies['engine']
  readonly authorize: (access: Access) => Promise<Result<Identity, TailgateError>>
  /** Takes a place among the streams, until the answer is over. */
  readonly openStream: (caller: Identity) => Result<void, TailgateError>
}

/** What a client is told when it connects, for it to know a dead stream. */
export const SSE_CLIENT = { reconnectAfterInactivityMs: STALL_AFTER_MS }

const trpc = initTRPC.context<TrpcContext>().create({
  // Off, whatever NODE_ENV says: it puts stack traces on the wire.
  isDev: false,
  sse: {
    // A ping is due while a client still believes in the stream.
    ping: { enabled: true, intervalMs: HEARTBEAT_MS },
    client: SSE_CLIENT,
  },
  errorFormatter: ({ shape, error, input }) => {
    const tailgate = toTailgateError(error, input).toBody().error
    return { ...shape, message: tailgate.message, data: { ...shape.data, tailgate } }
  },
})

export const { router } = trpc

/**
 * The guard stands in a middleware, not in the context: a subscription that is refused there tells its client why,
 * while an `EventSource` learns nothing from a 401.
 */
export const procedure = trpc.procedure.use(async ({ ctx, type, next }) => {
  const caller = await ctx.authorize(type === 'mutation' ? 'act' : 'read')
  if (!caller.ok) throw toTrpcError(caller.error)
  return next({ ctx: { caller: caller.value } })
})

/** For calls from inside the process, which have no connection that could close. */
export const NEVER: AbortSignal = new AbortController().signal

/** The value, or the failure as tRPC wants it. */
export function unwrap<T>(result: Result<T, TailgateError>): T {
  if (!result.ok) throw toTrpcError(result.error)
  return result.value
}
