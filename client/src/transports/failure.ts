import { type ErrorCode, errorBodySchema, TailgateError } from '@tailgate/shared'

/**
 * The only place that turns what `fetch`, HTTP and the wire can do wrong into a `TailgateError`.
 */

/** The failure behind a rejected `fetch` or body read: the caller's own abort, or a gateway that cannot be reached. */
export function connectionFailure(cause: unknown, base: string, signal?: AbortSignal): TailgateError {
  if (cause instanceof TailgateError) return cause
  if (signal?.aborted === true) return abortFailure(signal)
  const message = `Cannot reach the Tailgate gateway at ${base}: ${reasonOf(cause)}. Is it running, and is the URL right?`
  return new TailgateError('network', message, { cause })
}

/** The failure that an aborted signal stands for; the signal's reason is its `cause`. */
function abortFailure(signal: AbortSignal): TailgateError {
  return new TailgateError('aborted', 'Aborted by the caller.', { cause: signal.reason })
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortFailure(signal)
}

// Node's fetch says "fetch failed" and keeps the reason (ECONNREFUSED …) in `cause`.
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const inner = cause.cause instanceof Error ? cause.cause : cause
  return inner.message || inner.name
}

/** The failure that a response other than 2xx stands for; reads its body. */
export async function refusalFailure(response: Response): Promise<TailgateError> {
  const body = errorBodySchema.safeParse(parseJson(await response.text()))
  const status = `${response.status} ${response.statusText}`.trim()
  const failure = body.success
    ? TailgateError.fromBody(body.data)
    : new TailgateError(codeOfStatus(response.status), `${response.url} answered ${status}.`)
  const retryAfterMs = 1000 * Number(response.headers.get('Retry-After') ?? Number.NaN)
  if (Number.isNaN(retryAfterMs)) return failure
  return new TailgateError(failure.code, failure.message, { details: { ...failure.details, retryAfterMs } })
}

/** The code for a status whose body is not the gateway's own, such as a proxy's. */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
    case 410:
      return 'not-found'
    case 405:
      return 'method-not-allowed'
    case 409:
      return 'conflict'
    case 413:
      return 'too-large'
    case 429:
      return 'too-many-requests'
    case 408:
    case 502:
    case 503:
    case 504:
      return 'unavailable'
    default:
      if (status >= 500) return 'internal'
      return status >= 400 ? 'bad-request' : 'protocol'
  }
}

/** What the client needs of a zod schema. */
export type Schema<T> = {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: unknown }
}

/** A value off the wire, checked against its schema; one that does not fit is a `protocol` failure. */
export function parseAnswer<T>(schema: Schema<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw protocolFailure(what, parsed.error)
}

/** The failure of a gateway that says something this client does not understand. */
export function protocolFailure(what: string, cause?: unknown): TailgateError {
  const message = `${what} is not what a Tailgate gateway sends. Do the URL and the versions of client and gateway fit?`
  return new TailgateError('protocol', message, { cause })
}

/** JSON, or undefined when the text is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
