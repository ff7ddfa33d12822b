import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type { Exchange } from '../endpoint.ts'
import { sendError } from '../error-response.ts'

/** Which bytes of a file to serve; default all of them. `end` is exclusive. */
export type FileSlice = { readonly start: number; readonly end: number }

/** Serves a file with ranges and conditional requests, by way of Express. Its errors become ours. */
export async function sendFile(
  { response }: Pick<Exchange, 'response'>,
  path: string,
  slice?: FileSlice,
): Promise<Result<void, TailgateError>> {
  const thrown = await new Promise<unknown>((resolve) => {
    response.sendFile(
      path,
      {
        dotfiles: 'allow',
        cacheControl: false,
        lastModified: slice === undefined,
        ...(slice === undefined ? {} : { start: slice.start, end: slice.end - 1 }),
      },
      resolve,
    )
  })
  if (thrown === undefined || thrown === null || response.headersSent) return ok(undefined)
  return failure(response, thrown)
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
