import type {
  Cursor,
  LinesPage,
  LinesRequest,
  ListRuns,
  MarksPage,
  MarksRequest,
  Rate,
  Result,
  Run,
  RunPage,
  SearchPage,
  SearchRequest,
  Source,
  StartRun,
  TailgateError,
} from '@tailgate/shared'
import type { Deliveries, Delivery } from '../feed/delivery.ts'
import type { Stretch } from '../feed/stretch.ts'

/**
 * The façade that transports call, and the only thing they know of runs. Every expected failure is a value.
 */

/** Who is asking; transports get it from `security`. */
export type Caller = {
  /** Name for the Run record and the audit log; null when callers are not told apart. */
  readonly name: string | null
}

/** What callers did to runs, for the audit log. */
export type RunAction =
  | { readonly action: 'start'; readonly by: string | null; readonly runId: string; readonly file: string }
  | { readonly action: 'cancel' | 'delete'; readonly by: string | null; readonly runId: string }

/** Where the raw log lies, for serving its bytes. */
export type LogFile = {
  readonly path: string
  /** Bytes that may be served: the log as far as it has been read. */
  readonly bytes: number
  readonly generation: number
  /** The run has ended; the bytes will not change. */
  readonly ended: boolean
}

/** A file that was admitted and is held open; dispose of it when it is served. */
export type OpenArtifact = AsyncDisposable & {
  readonly name: string
  readonly bytes: number
  /** Leads to the very file that was admitted, whatever its own path may lead to by now. */
  readonly path: string
}

export interface RunService {
  /**
   * Starts a run, or finds the one that the run key names (`created` is then false).
   * Fails with `bad-request`, `forbidden`, `not-found`, `conflict` or `unavailable`; nothing has started then.
   */
  start(request: StartRun, caller: Caller): Promise<Result<{ run: Run; created: boolean }, TailgateError>>
  /** The Run record as of now, or undefined for an unknown run. */
  get(runId: string): Run | undefined
  /** Runs newest first; fails with `bad-request` for a cursor that is not ours. */
  list(request: ListRuns): Result<RunPage, TailgateError>
  /** Asks a run to stop; of an ended run it changes nothing. Resolves when the request is durable, not when it is done. */
  cancel(runId: string, caller: Caller): Promise<Result<Run, TailgateError>>
  /** Forgets an ended run and its log; `conflict` while it has not ended. */
  remove(runId: string, caller: Caller): Promise<Result<void, TailgateError>>
  /**
   * The events of a run from a cursor on (null: from the beginning): replay, then live, then `end`, then the iterable
   * is done. It pulls: a viewer that does not ask holds one delivery and delays nobody. Aborting ends it quietly, and
   * whoever does not iterate must do so.
   * Fails with `not-found`, or `bad-request` for a cursor that does not belong to this run.
   */
  follow(
    runId: string,
    cursor: Cursor | null,
    signal: AbortSignal,
  ): Promise<Result<AsyncIterable<Delivery>, TailgateError>>
  /**
   * The same for who writes it all to a socket: lines far behind the live end come in stretches, to be disposed of by
   * whoever is given them. `kinds`: whether their kinds are wanted.
   */
  followInStretches(
    runId: string,
    cursor: Cursor | null,
    signal: AbortSignal,
    options: { readonly kinds: boolean },
  ): Promise<Result<Deliveries<Stretch>, TailgateError>>
  /** A page of lines by number; past the end it is empty. */
  lines(request: LinesRequest, signal: AbortSignal): Promise<Result<LinesPage, TailgateError>>
  /** The commands or errors of the log, from a line on, either way. */
  marks(request: MarksRequest, signal: AbortSignal): Promise<Result<MarksPage, TailgateError>>
  /** Lines that contain a literal text. */
  search(request: SearchRequest, signal: AbortSignal): Promise<Result<SearchPage, TailgateError>>
  /** How the log has grown over the run's time. */
  rate(runId: string): Promise<Result<Rate, TailgateError>>
  /** The do-file as it was when the run was launched; `not-found` before that. */
  source(runId: string): Promise<Result<Source, TailgateError>>
  /** Where the raw log lies, or undefined for an unknown run. */
  log(runId: string): LogFile | undefined
  /** Byte offset at which the last `count` lines begin. */
  tailOffset(runId: string, count: number, signal: AbortSignal): Promise<Result<number, TailgateError>>
  /** Opens an artifact that may be served now: it exists and lies under an allowed root. */
  openArtifact(runId: string, index: number): Promise<Result<OpenArtifact, TailgateError>>
  /** For `/health`: how many runs there are now, and what needs the admin. */
  status(): { readonly running: number; readonly queued: number; readonly problems: readonly string[] }
}
