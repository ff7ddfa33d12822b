import { type ErrorCode, TailgateError, unreachable } from '@tailgate/shared'
import { type BackOff, backOffMs } from './back-off.ts'
import type { StartTimer } from './timer.ts'
import { throwIfAborted } from './transports/failure.ts'
import type { Delivery, StreamItem, StreamStart, Transport } from './transports/transport.ts'
import type { OnWakeUp } from './wake-up.ts'

/**
 * A run's stream that survives its connections: the only place that retries, waits and resumes.
 *
 *   connecting → open → (lost | silent for too long) → waiting → connecting …
 *
 * It ends after `end`, or when the gateway says that nothing follows the cursor. It throws when the caller aborts
 * and when the gateway refuses in a way that asking again cannot mend; everything else is tried again, for ever.
 * The cursor is the only state that outlives a connection, so nothing is lost and nothing comes twice.
 */

/** What became of a stream's connection; for telling a user, not for control. */
export type ConnectionChange =
  | { readonly type: 'connecting' }
  | { readonly type: 'open' }
  | {
      readonly type: 'waiting'
      /** How long until the next attempt, milliseconds. */
      readonly delayMs: number
      /** Why the last one ended. */
      readonly error: TailgateError
    }

export type ResumingStreamOptions = {
  readonly connect: Transport['connect']
  readonly runId: string
  readonly start: StreamStart
  readonly signal: AbortSignal | undefined
  readonly onConnection: ((change: ConnectionChange) => void) | undefined
}

/** How failures are waited out, and the clock and chance for it. */
export type RetryPolicy = {
  readonly backOff: BackOff
  /** A connection that is silent for longer than this is taken for dead, milliseconds. */
  readonly stallAfterMs: number
  readonly random: () => number
  readonly startTimer: StartTimer
  readonly onWakeUp: OnWakeUp
}

const RETRYABLE: Readonly<Record<ErrorCode, boolean>> = {
  'bad-request': false,
  unauthorized: false,
  forbidden: false,
  'not-found': false,
  'method-not-allowed': false,
  conflict: false,
  'too-large': false,
  'too-many-requests': true,
  unavailable: true,
  internal: true,
  network: true,
  aborted: false,
  protocol: false,
}

export async function* resumingStream(options: ResumingStreamOptions, policy: RetryPolicy): AsyncGenerator<Delivery> {
  const { connect, runId, signal, onConnection } = options
  let { start } = options
  let failures = 0
  while (true) {
    throwIfAborted(signal)
    const attempt = new AbortController()
    const abortAttempt = () => attempt.abort()
    signal?.addEventListener('abort', abortAttempt, { once: true })
    let lost = new TailgateError('network', 'The gateway closed the stream before the run had ended.')
    try {
      onConnection?.({ type: 'connecting' })
      let events = 0
      for await (const item of abortWhenSilent(connect(runId, start, attempt.signal), attempt, policy)) {
        switch (item.type) {
          case 'alive':
            break
          case 'done':
            return
          case 'event':
            events += 1
            if (events === 1) onConnection?.({ type: 'open' })
            // Every connection opens with the Run record; only what comes after it shows that the gateway is well.
            else failures = 0
            start = item.cursor
            yield { cursor: item.cursor, event: item.event }
            if (item.event.type === 'end') return
            throwIfAborted(signal)
            break
          default:
            unreachable(item)
        }
      }
    } catch (cause) {
      throwIfAborted(signal)
      const failure: unknown = attempt.signal.aborted ? attempt.signal.reason : cause
      if (!(failure instanceof TailgateError) || !RETRYABLE[failure.code]) throw failure
      lost = failure
    } finally {
      signal?.removeEventListener('abort', abortAttempt)
      attempt.abort()
    }
    failures += 1
    const delayMs = Math.max(backOffMs(failures, policy.backOff, policy.random), retryAfterMs(lost))
    onConnection?.({ type: 'waiting', delayMs, error: lost })
    await pause(delayMs, signal, policy)
  }
}

/** Passes items on, and aborts the attempt when the next one lets itself be waited for too long. */
async function* abortWhenSilent(
  items: AsyncIterable<StreamItem>,
  attempt: AbortController,
  { stallAfterMs, startTimer }: RetryPolicy,
): AsyncGenerator<StreamItem> {
  const silence = new TailgateError('network', `The gateway has been silent for ${stallAfterMs / 1000} s.`)
  const watch = () => startTimer(stallAfterMs, () => attempt.abort(silence))
  let stopWatching = watch()
  try {
    for await (const item of items) {
      // Only the gateway's time counts, not the consumer's.
      stopWatching()
      yield item
      stopWatching = watch()
    }
  } finally {
    stopWatching()
  }
}

/** Waits; less when the caller aborts, or when the platform says that trying again is worth it. */
async function pause(delayMs: number, signal: AbortSignal | undefined, policy: RetryPolicy): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const stopTimer = policy.startTimer(delayMs, wake)
  const stopListening = policy.onWakeUp(wake)
  signal?.addEventListener('abort', wake, { once: true })
  if (signal?.aborted === true) wake()
  await promise
  stopTimer()
  stopListening()
  signal?.removeEventListener('abort', wake)
}

/** What a refusal's `Retry-After` asks for, milliseconds; 0 for none. */
function retryAfterMs(failure: TailgateError): number {
  const value = failure.details?.retryAfterMs
  return typeof value === 'number' ? value : 0
}
