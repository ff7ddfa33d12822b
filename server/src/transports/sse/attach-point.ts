import { type Cursor, err, ok, parseCursor, type Result, TailgateError } from '@tailgate/shared'

/**
 * Where a viewer wants to attach, from what it sent. Pure; the reconnect rules of the protocol live here.
 *
 * `EventSource` reconnects by itself with its last event id, for ever, unless the answer is 204. So whatever comes as a
 * last event id and leads nowhere (it is not ours, its run is unknown, the run's `end` was delivered) gets 204: an
 * error would tell nobody anything, and starting a run would run the do-file again. A `cursor` is somebody's own
 * choice, and a bad one is told so.
 */
export type AttachPoint =
  /** No position given: start a run, or watch one from its beginning. */
  | { readonly type: 'beginning' }
  | { readonly type: 'resume'; readonly cursor: Cursor; readonly reconnecting: boolean }
  /** Nothing will ever follow: answer 204. */
  | { readonly type: 'over' }

export type Position = {
  /** Header `Last-Event-ID`, which counts more than the parameters: it is newer than the address. */
  readonly header: string | undefined
  readonly lastEventId: string | undefined
  readonly cursor?: string | undefined
}

export function attachPoint({ header, lastEventId, cursor }: Position): Result<AttachPoint, TailgateError> {
  const last = header ?? lastEventId
  if (last !== undefined) {
    const parsed = parseCursor(last)
    if (!parsed.ok || parsed.value.ended) return ok({ type: 'over' })
    return ok({ type: 'resume', cursor: parsed.value, reconnecting: true })
  }
  if (cursor === undefined) return ok({ type: 'beginning' })
  const parsed = parseCursor(cursor)
  if (!parsed.ok) {
    const details = { parameter: 'cursor' }
    return err(new TailgateError('bad-request', `Bad parameter "cursor": ${parsed.error}.`, { details }))
  }
  if (parsed.value.ended) return ok({ type: 'over' })
  return ok({ type: 'resume', cursor: parsed.value, reconnecting: false })
}
