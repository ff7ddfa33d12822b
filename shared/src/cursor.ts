import { err, ok, type Result } from './result.ts'

/**
 * Cursors: where a viewer is in a run's log.
 *
 * On the wire a cursor is an opaque string, `<runId>:<generation>:<byteOffset>`, with `:end` behind it once the
 * viewer has seen the `end` event. It holds no NUL, CR or LF, so it is a legal SSE event id (WHATWG HTML, 9.2.6).
 * Clients hand it back unread; only the gateway takes it apart.
 */

/** A position in one generation of one run's log. */
export type Cursor = {
  readonly runId: string
  /** Counts how often the log began anew (0 at first); offsets of different generations do not compare. */
  readonly generation: number
  /** Bytes of the log before this position; always at the start of a line. */
  readonly offset: number
  /** True once `end` has been delivered: nothing follows. */
  readonly ended: boolean
}

const CURSOR = /^([0-9A-Za-z_-]{1,64}):(\d{1,9}):(\d{1,15})(:end)?$/

/** Writes a cursor for the wire. */
export function formatCursor(cursor: Cursor): string {
  return `${cursor.runId}:${cursor.generation}:${cursor.offset}${cursor.ended ? ':end' : ''}`
}

/** Reads a cursor off the wire; the error says why it is not one. */
export function parseCursor(text: string): Result<Cursor, string> {
  const match = CURSOR.exec(text)
  if (match === null) return err('not a cursor: use one that the gateway sent as an event id')
  const [, runId = '', generation, offset, end] = match
  return ok({ runId, generation: Number(generation), offset: Number(offset), ended: end !== undefined })
}

/** The cursor before the first byte of a run's log. */
export function startCursor(runId: string): Cursor {
  return { runId, generation: 0, offset: 0, ended: false }
}
