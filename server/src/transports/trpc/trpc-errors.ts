import { type ErrorCode, TailgateError } from '@tailgate/shared'
import { TRPCError } from '@trpc/server'
import * as z from 'zod'
import { invalidRequest } from '../invalid-request.ts'

/** Errors on their way into and out of tRPC. A subscription is retried for 5xx codes, so a refusal is never one. */

type TrpcCode = TRPCError['code']

const TRPC_CODE: Readonly<Record<ErrorCode, TrpcCode>> = {
  'bad-request': 'BAD_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  'not-found': 'NOT_FOUND',
  'method-not-allowed': 'METHOD_NOT_SUPPORTED',
  conflict: 'CONFLICT',
  'too-large': 'PAYLOAD_TOO_LARGE',
  'too-many-requests': 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
  network: 'INTERNAL_SERVER_ERROR',
  aborted: 'CLIENT_CLOSED_REQUEST',
  protocol: 'INTERNAL_SERVER_ERROR',
}

/** What tRPC itself refuses, in our codes; everything else it throws is our bug. */
const OWN_REFUSALS: ReadonlyMap<TrpcCode, ErrorCode> = new Map<TrpcCode, ErrorCode>([
  ['PARSE_ERROR', 'bad-request'],
  ['BAD_REQUEST', 'bad-request'],
  ['UNSUPPORTED_MEDIA_TYPE', 'bad-request'],
  ['NOT_FOUND', 'not-found'],
  ['METHOD_NOT_SUPPORTED', 'method-not-allowed'],
  ['PAYLOAD_TOO_LARGE', 'too-large'],
  ['CLIENT_CLOSED_REQUEST', 'aborted'],
])

export function toTrpcError(error: TailgateError): TRPCError {
  return new TRPCError({ code: TRPC_CODE[error.code], message: error.message, cause: error })
}

/** The error in our words; `input` is what the call was made with, which shows whether a parameter was there at all. */
export function toTailgateError(error: TRPCError, input?: unknown): TailgateError {
  if (error.cause instanceof TailgateError) return error.cause
  if (error.cause instanceof z.ZodError) return invalidRequest(error.cause, input)
  const code = OWN_REFUSALS.get(error.code)
  return code === undefined ? TailgateError.from(error) : new TailgateError(code, error.message)
}
