import { protocolFailure, refusalFailure } from './failure.ts'

/**
 * The body of a response that is an event stream, or null for 204: nothing follows, now or ever. Throws a
 * `TailgateError` for a refusal, and for what is no event stream, such as a proxy's page.
 */
export async function streamBody(response: Response): Promise<ReadableStream<Uint8Array> | null> {
  if (response.status === 204) return null
  if (!response.ok) throw await refusalFailure(response)
  const type = response.headers.get('Content-Type') ?? 'no type'
  if (response.body !== null && /^text\/event-stream\b/i.test(type)) return response.body
  await response.body?.cancel()
  throw protocolFailure(`An answer of ${type} from ${response.url}`)
}
