import * as z from 'zod'

/**
 * The one error class that crosses package borders, and its closed list of codes.
 * On the wire it is `{error: {code, message, details?}}`; `cause` never leaves the process.
 */

/** What went wrong, for programs. The first nine come from the gateway, the rest from the client package. */
export const errorCodeSchema = z.enum([
  'bad-request',
  'unauthorized',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'conflict',
  'too-large',
  'too-many-requests',
  'unavailable',
  'internal',
  'network',
  'aborted',
  'protocol',
])
export type ErrorCode = z.infer<typeof errorCodeSchema>

/** The HTTP status of each code (RFC 9110). Codes that only the client raises have none of their own and map to 500. */
export const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'too-many-requests': 429,
  unavailable: 503,
  internal: 500,
  network: 500,
  aborted: 500,
  protocol: 500,
}

/** The body of every refusal. `details` names the offending parameter where there is one. */
export const errorBodySchema = z.object({
  error: z.object({
    code: errorCodeSchema,
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})
export type ErrorBody = z.infer<typeof errorBodySchema>

/** A failure that a caller can act on: what failed, why, and what to do next are in the message. */
export class TailgateError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode
  /** More for programs, such as the name of the offending parameter. */
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'TailgateError'
    this.code = code
    this.details = options.details
  }

  /** The wire form, without `cause` and stack. */
  toBody(): ErrorBody {
    const { code, message, details } = this
    return { error: { code, message, ...(details === undefined ? {} : { details: { ...details } }) } }
  }

  /** The error that a body stands for. */
  static fromBody(body: ErrorBody): TailgateError {
    const { code, message, details } = body.error
    return new TailgateError(code, message, details === undefined ? {} : { details })
  }

  /** Any thrown value as a TailgateError; what is not one already becomes `internal`, with the original as `cause`. */
  static from(value: unknown): TailgateError {
    if (value instanceof TailgateError) return value
    return new TailgateError('internal', 'Internal error: the gateway log has the details.', { cause: value })
  }
}
