import {
  type Artifact,
  type EngineInfo,
  type Health,
  type LinesPage,
  type LinesRequest,
  type ListRuns,
  type Run,
  type RunPage,
  type SearchPage,
  type SearchRequest,
  STALL_AFTER_MS,
  type StartRun,
} from '@tailgate/shared'
import type { BackOff } from './back-off.ts'
import type { RetryPolicy } from './resuming-stream.ts'
import { createRunHandle, type FollowOptions, type RunHandle, type StartedRun } from './run-handle.ts'
import { startSystemTimer } from './timer.ts'
import { createGatewayAccess, type Fetch, type TokenSource } from './transports/gateway-access.ts'
import { createSseTransport } from './transports/sse-transport.ts'
import type { CallOptions, Transport } from './transports/transport.ts'
import { createTrpcTransport } from './transports/trpc-transport.ts'
import { onBrowserWakeUp } from './wake-up.ts'

export type TailgateClientOptions = {
  /** Address of the gateway, such as `http://127.0.0.1:4000` or `https://stata.example.org/tailgate`. */
  readonly url: string
  /** Sent as a bearer token. A function is asked before every request, so that it may hand out fresh ones. */
  readonly token?: TokenSource | undefined
  /**
   * What carries calls and streams; both give the same answers and the same events in the same order. Default `sse`:
   * plain HTTP and Server-Sent Events, the fewest layers. `trpc` goes through the gateway's tRPC router.
   */
  readonly transport?: 'sse' | 'trpc' | undefined
  /** Used in place of the global `fetch`, for proxies, certificates or tests. */
  readonly fetch?: Fetch | undefined
  /** How long streams wait between attempts to reconnect. */
  readonly backOff?: BackOff | undefined
  /** A stream without an event, a tick or a comment for this long is reconnected, milliseconds; default 37,500. */
  readonly stallAfterMs?: number | undefined
}

/**
 * A client of one Tailgate gateway.
 *
 * Calls are made once and never repeated. They reject with a `TailgateError`: with the gateway's own code when it
 * refuses, `network` when it cannot be reached, `aborted` when their signal was, and `protocol` when the answer makes
 * no sense. Streams reconnect by themselves; see {@link RunHandle.events}.
 */
export interface TailgateClient {
  readonly runs: {
    /**
     * Starts a do-file. With a `runKey`, asking again gives the same run; without one it starts another.
     * Refused with `bad-request`, `forbidden`, `not-found` (no such do-file), `conflict` (the run key was used with
     * other parameters) or `unavailable` (the queue is full); nothing has started then.
     */
    start(request: StartRun, options?: CallOptions): Promise<StartedRun>
    /** A handle of any run, by its id. Asks nothing of the gateway yet; the options hold for all of its streams. */
    follow(runId: string, options?: FollowOptions): RunHandle
    /** The Run record as of now. `not-found` for an unknown run. */
    get(runId: string, options?: CallOptions): Promise<Run>
    /** A page of runs, newest first. */
    list(request?: ListRuns, options?: CallOptions): Promise<RunPage>
    /** Asks a run to stop; of an ended run it changes nothing. */
    cancel(runId: string, options?: CallOptions): Promise<Run>
    /** Forgets an ended run and its log. `conflict` while it has not ended. */
    remove(runId: string, options?: CallOptions): Promise<void>
    /** A page of log lines by number; past the end it is empty. */
    lines(request: LinesRequest, options?: CallOptions): Promise<LinesPage>
    /** Log lines that contain a literal text. */
    search(request: SearchRequest, options?: CallOptions): Promise<SearchPage>
    /** The files that the log says were saved. */
    artifacts(runId: string, options?: CallOptions): Promise<Artifact[]>
  }
  readonly engine: {
    /** The engine in use, and how it was found. */
    info(options?: CallOptions): Promise<EngineInfo>
  }
  /** How the gateway is. */
  health(options?: CallOptions): Promise<Health>
}

/** Makes a client. It opens no connection until it is used, and needs no closing. */
export function createTailgateClient(options: TailgateClientOptions): TailgateClient {
  const access = createGatewayAccess(options)
  const transport: Transport = options.transport === 'trpc' ? createTrpcTransport(access) : createSseTransport(access)
  const policy: RetryPolicy = {
    backOff: options.backOff ?? {},
    stallAfterMs: options.stallAfterMs ?? STALL_AFTER_MS,
    random: Math.random,
    startTimer: startSystemTimer,
    onWakeUp: onBrowserWakeUp,
  }
  const follow = (runId: string, defaults: FollowOptions = {}) => createRunHandle(transport, policy, runId, defaults)
  return {
    runs: {
      start: async (request, call = {}) => {
        const record = await transport.start(request, call)
        return { ...follow(record.id), record }
      },
      follow,
      get: (runId, call = {}) => transport.get(runId, call),
      list: (request = {}, call = {}) => transport.list(request, call),
      cancel: (runId, call = {}) => transport.cancel(runId, call),
      remove: (runId, call = {}) => transport.remove(runId, call),
      lines: (request, call = {}) => transport.lines(request, call),
      search: (request, call = {}) => transport.search(request, call),
      artifacts: (runId, call = {}) => transport.artifacts(runId, call),
    },
    engine: { info: (call = {}) => transport.engineInfo(call) },
    health: (call = {}) => transport.health(call),
  }
}
