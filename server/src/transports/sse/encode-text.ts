import { basename } from 'node:path'
import { formatCursor, type ResetEvent, type Run, startCursor, unreachable } from '@tailgate/shared'
import type { Delivery } from '../../feed/delivery.ts'
import { sseBlock } from './sse-block.ts'

/**
 * `format=text`: unnamed events that read well in curl and in `EventSource.onmessage`, and a named `end`.
 * What depends on the viewer (the first line) is not encoded here with the deliveries, so these can be shared.
 */

/** A run that starts at once has been queued too; nobody wants to read that. */
const SHORTEST_WAIT_MS = 1_000

const RESET_REASON: Readonly<Record<ResetEvent['reason'], string>> = {
  truncated: 'the log was truncated',
  replaced: 'the log was replaced by another file',
}

/** The first line that somebody who starts a run, or watches it from its beginning, sees. */
export function encodeStart(run: Run): string {
  const id = formatCursor(startCursor(run.id))
  return sseBlock({ id, data: [`Starting execution of ${singleLine(basename(run.file))}...`] })
}

/** The block for a delivery, or null when it does not show in text. */
export function encodeText({ cursor, event }: Delivery, now: number): string | null {
  const id = formatCursor(cursor)
  switch (event.type) {
    case 'run': {
      const waiting = waitingLine(event.run, now)
      return waiting === null ? null : sseBlock({ id, data: [waiting] })
    }
    case 'lines':
      return sseBlock({ id, data: event.text })
    case 'partial':
      return null
    case 'tick':
      return sseBlock({ id, data: [`Executing... ${seconds(event.elapsedMs)} elapsed`] })
    case 'reset':
      return sseBlock({ id, data: [`*** Output starts again: ${RESET_REASON[event.reason]} ***`] })
    case 'end':
      // The closing line has no id of its own: who loses the connection behind it gets it again, with the `end`.
      return (
        sseBlock({ data: [`*** Execution ${closing(event.run)} ***`] }) +
        sseBlock({ event: 'end', id, data: [JSON.stringify(event)] })
      )
    default:
      return unreachable(event)
  }
}

function waitingLine(run: Run, now: number): string | null {
  if (run.state !== 'queued') return null
  const waitedMs = now - Date.parse(run.queuedAt)
  if (waitedMs < SHORTEST_WAIT_MS) return null
  const position = run.queuePosition === null ? '' : `, position ${run.queuePosition}`
  return `Waiting... ${seconds(waitedMs)}${position}`
}

function closing(run: Run): string {
  switch (run.state) {
    case 'succeeded':
      return 'completed'
    case 'failed':
      return `failed: ${failure(run)}`
    case 'cancelled':
      return 'cancelled'
    case 'timed-out':
      return run.timeoutMs === null ? 'timed out' : `timed out after ${run.timeoutMs / 1000}s`
    case 'lost':
      return `lost: ${firstLine(run.outcome?.message) ?? run.outcome?.reason ?? 'its outcome is not known'}`
    case 'queued':
    case 'starting':
    case 'running':
    case 'cancelling':
      throw new Error(`Internal error: an end event came while the run was ${run.state}`)
    default:
      return unreachable(run.state)
  }
}

/** Such as `r(111); bad_var not found`. */
function failure({ outcome }: Run): string {
  const code = outcome === null || outcome.rc === null ? null : `r(${outcome.rc})`
  const message = firstLine(outcome?.message)
  if (code === null && message === null) return outcome?.reason ?? 'its outcome is not known'
  return [code, message].filter((part) => part !== null).join('; ')
}

function firstLine(text: string | null | undefined): string | null {
  const line = text
    ?.split(/[\r\n]+/)
    .map((part) => part.trim())
    .find((part) => part !== '')
  return line ?? null
}

function singleLine(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)}s`
}
