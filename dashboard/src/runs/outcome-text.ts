import type { OutcomeReason, Run } from '@tailgate/client'
import { formatDuration } from '../format/duration.ts'

/** How a run ended, or why it waits, in one line; null when the state says it all. */
export function outcomeText(run: Pick<Run, 'state' | 'outcome' | 'queuePosition' | 'timeoutMs'>): string | null {
  switch (run.state) {
    case 'queued':
      return run.queuePosition === null ? 'Waiting for a place' : `Number ${run.queuePosition} in the queue`
    case 'starting':
    case 'running':
    case 'succeeded':
      return null
    case 'cancelling':
      return 'Being stopped'
    case 'timed-out':
      return run.timeoutMs === null ? 'Stopped by its time limit' : `Stopped after ${formatDuration(run.timeoutMs)}`
    case 'cancelled':
      return null
    case 'failed':
    case 'lost':
      return firstLine(run.outcome?.message) ?? (run.outcome === null ? null : REASON_TEXT[run.outcome.reason])
  }
}

/** What a reason means when the log says nothing more. */
export const REASON_TEXT: Readonly<Record<OutcomeReason, string>> = {
  completed: 'It ran to its end',
  'stata-error': 'Stata stopped with an error',
  'no-end-marker': 'The engine ended, but its log shows no end',
  'exit-code': 'The engine ended with an error status',
  signal: 'The engine was killed',
  'launch-failed': 'The engine could not be started',
  'no-log': 'The engine ended before it wrote a log',
  cancelled: 'Cancelled',
  'timed-out': 'Stopped by its time limit',
  'engine-vanished': 'The engine is gone and left no status',
  'log-lost': 'The log was deleted or cannot be read',
}

function firstLine(text: string | null | undefined): string | null {
  return text?.split('\n').find((line) => line.trim() !== '') ?? null
}
