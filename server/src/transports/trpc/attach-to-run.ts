import { type Cursor, err, type followSchema, ok, parseCursor, type Result, TailgateError } from '@tailgate/shared'
import type * as z from 'zod'
import { unknownRun } from '../../runs/unknown-run.ts'
import type { Identity } from '../../security/request-guard.ts'
import { tailCursor } from '../tail-cursor.ts'
import { type TrpcContext, unwrap } from './trpc.ts'
import { toTrpcError } from './trpc-errors.ts'

/** Where a subscription begins; it has a place among the streams. */
export type Attached = { readonly cursor: Cursor | null }

/** Attaches a subscription to a run; null when its `end` has been delivered, so that nothing will ever follow. */
export async function attachToRun(
  { runs, openStream, caller }: Pick<TrpcContext, 'runs' | 'openStream'> & { readonly caller: Identity },
  { runId, tail, lastEventId }: z.infer<typeof followSchema>,
  signal: AbortSignal,
): Promise<Attached | null> {
  if (runs.get(runId) === undefined) throw toTrpcError(unknownRun(runId))
  const given = unwrap(followFrom(lastEventId ?? null))
  const fromTail = given === null && tail !== undefined
  const cursor = fromTail ? unwrap(await tailCursor(runs, runId, tail, signal)) : given
  if (cursor?.ended) return null
  unwrap(openStream(caller))
  return { cursor }
}

function followFrom(lastEventId: string | null): Result<Cursor | null, TailgateError> {
  if (lastEventId === null) return ok(null)
  const cursor = parseCursor(lastEventId)
  return cursor.ok ? cursor : err(new TailgateError('bad-request', `Bad parameter "lastEventId": ${cursor.error}.`))
}
