import { isEnded, type Outcome, type Run, type RunState, TailgateError } from '@tailgate/shared'
import { createEventStream, type EventStream } from './event-stream.ts'
import { type ConnectionChange, type RetryPolicy, resumingStream } from './resuming-stream.ts'
import type { CallOptions, Transport } from './transports/transport.ts'

/** How to follow a run. */
export type FollowOptions = {
  /** Where to begin: a cursor that a stream of the same run had. Default: the beginning of the log. */
  readonly cursor?: string | null | undefined
  /** Without a cursor: begin this many lines before the log's end, as it is then (0 to 1,000,000). */
  readonly tail?: number | undefined
  /** Ends the stream: the loop over it then throws `aborted`. The run goes on. */
  readonly signal?: AbortSignal | undefined
  /** Told whenever the connection changes; for showing "reconnecting", not for control. */
  readonly onConnection?: ((change: ConnectionChange) => void) | undefined
}

/** One complete log line. */
export type Line = {
  /** 1-based. Begins again at 1 when the log began anew (a `reset` event). */
  readonly number: number
  /** The line without its end. */
  readonly text: string
  /** The line was longer than 1 MiB, was cut here, and goes on in the next one; absent otherwise. */
  readonly cut?: true
}

/** How a run ended. */
export type RunResult = {
  /** One of the ended states: `succeeded`, `failed`, `cancelled`, `timed-out` or `lost`. */
  readonly state: RunState
  readonly outcome: Outcome
  /** The final Run record. */
  readonly run: Run
}

/** A run to watch or to stop. It holds no connection until something is asked of it. */
export interface RunHandle {
  readonly id: string
  /** The run's events. Options given here go before those of the handle. */
  events(options?: FollowOptions): EventStream
  /**
   * The log's complete lines: each once, in order, until the run has ended. When the log begins anew, its lines are
   * counted from 1 again and follow those of the old log. Ends and throws as `events()` does.
   */
  lines(options?: FollowOptions): AsyncIterable<Line>
  /**
   * How the run ended, once it has. A run that failed is a result, not an error. Follows the run's stream, unless the
   * end is known already; throws as `events()` does.
   */
  result(options?: FollowOptions): Promise<RunResult>
  /** Asks the run to stop and resolves when the gateway has taken note; `result()` tells when it has stopped. */
  cancel(options?: CallOptions): Promise<Run>
}

/** The handle of a run that was just started (or found by its run key). */
export interface StartedRun extends RunHandle {
  /** The Run record as it was then. */
  readonly record: Run
}

export function createRunHandle(
  transport: Transport,
  policy: RetryPolicy,
  runId: string,
  defaults: FollowOptions,
): RunHandle {
  let final: Run | undefined
  // The furthest any stream of this handle has come, so that waiting for the result need not read the log again.
  let seen: string | null = null

  async function* deliver(cursor: string | null, { tail, signal, onConnection }: FollowOptions) {
    const start = cursor ?? (tail === undefined ? null : { tail })
    const options = { connect: transport.connect, runId, start, signal, onConnection }
    for await (const delivery of resumingStream(options, policy)) {
      seen = delivery.cursor
      if (delivery.event.type === 'end') final = delivery.event.run
      yield delivery
    }
  }
  function events(options: FollowOptions = {}): EventStream {
    const merged = { ...defaults, ...options }
    return createEventStream(merged.cursor ?? null, (cursor) => deliver(cursor, merged))
  }

  return {
    id: runId,
    events,
    async *lines(options) {
      for await (const event of events(options)) {
        if (event.type !== 'lines') continue
        const cut = new Set(event.cut)
        for (const [index, text] of event.text.entries()) {
          const number = event.first + index
          yield cut.has(number) ? { number, text, cut: true } : { number, text }
        }
      }
    },
    async result(options = {}) {
      if (final === undefined) {
        const cursor = options.cursor ?? seen ?? defaults.cursor
        for await (const event of events({ tail: 0, ...options, cursor })) if (event.type === 'end') break
      }
      // A cursor from behind `end` has no events left, but the record is there to be asked for.
      final ??= await transport.get(runId, { signal: options.signal ?? defaults.signal })
      return runResult(final)
    },
    cancel: (options = {}) => transport.cancel(runId, options),
  }
}

function runResult(run: Run): RunResult {
  if (!isEnded(run.state) || run.outcome === null) {
    throw new TailgateError('protocol', `The gateway ended the stream of run ${run.id}, which is ${run.state}.`)
  }
  return { state: run.state, outcome: run.outcome, run }
}
