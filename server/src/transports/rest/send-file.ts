import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type { Exchange } from '../endpoint.ts'
import { sendError } from '../error-response.ts'

export type FileSlice = {
  readonly path: string
  /** First byte to serve, and the one behind the last. */
  readonly start: number
  readonly end: number
  /** The file's time may be told: its bytes change only together with it. */
  readonly lastModified: boolean
}

/** Serves a part of a file, with ranges and conditional requests, by way of Express. Its errors become ours. */
export async function sendFile(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  { path, start, end, lastModified }: FileSlice,
): Promise<Result<void, TailgateError>> {
  if (start === end && request.get('Range') === undefined) {
    // Express would read, and send, the one byte behind the end.
    response.end()
    return ok(undefined)
  }
  fitSuffixRange(request, end - start)
  const thrown = await new Promise<unknown>((resolve) => {
    const options = { dotfiles: 'allow', cacheControl: false, lastModified, start, end: end - 1 } as const
    response.sendFile(path, options, resolve)
  })
  if (thrown === undefined || thrown === null || response.headersSent) return ok(undefined)
  return failure(response, thrown)
}

/** A suffix that is longer than the file means all of it (RFC 9110, 14.1.2); Express would answer 416. */
function fitSuffixRange({ headers }: Exchange['request'], length: number): void {
  const suffix = /^bytes=-(\d+)$/.exec(headers.range ?? '')?.[1]
  if (suffix !== undefined && Number(suffix) > length && length > 0) headers.range = 'bytes=0-'
}

function failure(response: Exchange['response'], thrown: unknown): Result<void, TailgateError> {
  const status = typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : undefined
  for (const name of ['Content-Disposition', 'Content-Length', 'ETag', 'Accept-Ranges']) response.removeHeader(name)
  if (status === 416) {
    // `Content-Range` is set already and tells the length.
    const message = 'The range lies behind the end of the file; Content-Range tells how long it is.'
    sendError(response, new TailgateError('bad-request', message, { cause: thrown }), { status })
    return ok(undefined)
  }
  if (status === 412) {
    sendError(response, new TailgateError('conflict', 'The file is not the one that the request expects.'), { status })
    return ok(undefined)
  }
  if (status === 404) return err(new TailgateError('not-found', 'The file is not there any more.', { cause: thrown }))
  throw thrown
}
