import { errorBodySchema, TailgateError } from '@tailgate/shared'
import { TRPCClientError } from '@trpc/client'
import { codeOfStatus, connectionFailure } from './failure.ts'

const refusalSchema = errorBodySchema.shape.error

/**
 * The failure behind a rejected tRPC call or subscription.
 *
 * The gateway puts its refusal into `data.tailgate` of the tRPC error. A refusal from before tRPC was reached (by the
 * gateway's guards) is the plain `{error: …}` body, which tRPC hands on as the shape; a proxy's has only a status.
 */
export function trpcFailure(cause: unknown, base: string, signal?: AbortSignal): TailgateError {
  if (!(cause instanceof TRPCClientError) || signal?.aborted === true) return connectionFailure(cause, base, signal)
  // The library types these three as `any`; they are read as what they are, values off the wire.
  const data: unknown = cause.data
  const meta: unknown = cause.meta
  const shape: unknown = cause.meta?.responseJSON ?? cause.shape
  const refusal = refusalSchema.safeParse(property(data, 'tailgate'))
  if (refusal.success) return TailgateError.fromBody({ error: refusal.data })
  const plain = refusalSchema.safeParse(property(shape, 'error') ?? shape)
  if (plain.success) return TailgateError.fromBody({ error: plain.data })
  const status = property(data, 'httpStatus') ?? property(property(meta, 'response'), 'status')
  if (typeof status === 'number') return new TailgateError(codeOfStatus(status), cause.message, { cause })
  return connectionFailure(cause.cause ?? cause, base, signal)
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
