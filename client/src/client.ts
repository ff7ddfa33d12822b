import {
  type Artifact,
  type EngineInfo,
  type FileList,
  type Health,
  type LinesPage,
  type LinesRequest,
  type ListFiles,
  type ListRuns,
  type MarksPage,
  type MarksRequest,
  type Rate,
  type ReadFile,
  type Run,
  type RunPage,
  type SearchPage,
  type SearchRequest,
  type Source,
  STALL_AFTER_MS,
  type StartRun,
  type WhoAmI,
} from '@tailgate/shared'
import type { BackOff } from './back-off.ts'
import type { RetryPolicy } from './resuming-stream.ts'
import { createRunHandle, type FollowOptions, type RunHandle, type StartedRun } from './run-handle.ts'
import { startSystemTimer } from './timer.ts'
import { createGatewayAccess, type Fetch, type TokenSource } from './transports/gateway-access.ts'
import { runPath } from './transports/rest-calls.ts'
import { createSseTransport } from './transports/sse-transport.ts'
import type { CallOptions, Credential, Transport } from './transports/transport.ts'
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
     * other parameters, or by somebody else) or `unavailable` (the queue is full); nothing has started then.
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
    /** A page of log lines by number; past the end it is empty. Its `cursor` follows the log from its end on. */
    lines(request: LinesRequest, options?: CallOptions): Promise<LinesPage>
    /** The commands or the errors of the log, from a line on, forward or backward. */
    marks(request: MarksRequest, options?: CallOptions): Promise<MarksPage>
    /** Log lines that contain a literal text, from a line on, forward or backward; or only their number. */
    search(request: SearchRequest, options?: CallOptions): Promise<SearchPage>
    /** The files that the log says were saved. */
    artifacts(runId: string, options?: CallOptions): Promise<Artifact[]>
    /** The do-file as it was when the run was launched. `not-found` before that, and for runs of earlier versions. */
    source(runId: string, options?: CallOptions): Promise<Source>
    /** How the log has grown over the run's time. */
    rate(runId: string, options?: CallOptions): Promise<Rate>
    /** Address of the raw log; asks nothing of the gateway. A token is not in it. */
    logUrl(runId: string): string
    /** Address of an artifact; asks nothing of the gateway. A token is not in it. */
    artifactUrl(runId: string, index: number): string
  }
  readonly files: {
    /** A directory under the allowed roots, or the roots themselves. `forbidden` outside of them. */
    list(request?: ListFiles, options?: CallOptions): Promise<FileList>
    /** The text of a do-file that may be run. */
    read(request: ReadFile, options?: CallOptions): Promise<Source>
  }
  readonly engine: {
    /** The engine in use, and how it was found. */
    info(options?: CallOptions): Promise<EngineInfo>
  }
  /**
   * Makes the gateway set a session cookie for a token, or for the one-time code of a login link, so that later
   * requests of a browser need neither. `unauthorized` for a wrong one.
   */
  login(credential: Credential, options?: CallOptions): Promise<WhoAmI>
  /** Ends the session that `login` began. */
  logout(options?: CallOptions): Promise<void>
  /** Who the gateway takes the caller for, and what they may do. */
  whoAmI(options?: CallOptions): Promise<WhoAmI>
  /** How the gateway is. */
  health(options?: CallOptions): Promise<Health>
}

/** Makes a client. It opens no connection until it is used, and needs no closing. Throws `bad-request` for a bad `url`. */
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
      marks: (request, call = {}) => transport.marks(request, call),
      search: (request, call = {}) => transport.search(request, call),
      artifacts: (runId, call = {}) => transport.artifacts(runId, call),
      source: (runId, call = {}) => transport.source(runId, call),
      rate: (runId, call = {}) => transport.rate(runId, call),
      logUrl: (runId) => `${access.base}${runPath(runId)}/log`,
      artifactUrl: (runId, index) => `${access.base}${runPath(runId)}/artifacts/${index}`,
    },
    files: {
      list: (request = {}, call = {}) => transport.listFiles(request, call),
      read: (request, call = {}) => transport.readFile(request, call),
    },
    engine: { info: (call = {}) => transport.engineInfo(call) },
    login: (credential, call = {}) => transport.login(credential, call),
    logout: (call = {}) => transport.logout(call),
    whoAmI: (call = {}) => transport.whoAmI(call),
    health: (call = {}) => transport.health(call),
  }
}
