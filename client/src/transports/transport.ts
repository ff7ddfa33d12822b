import type {
  Artifact,
  EngineInfo,
  FileList,
  Health,
  LinesPage,
  LinesRequest,
  ListFiles,
  ListRuns,
  MarksPage,
  MarksRequest,
  Rate,
  ReadFile,
  Run,
  RunPage,
  SearchPage,
  SearchRequest,
  Source,
  StartRun,
  TailgateEvent,
  WhoAmI,
} from '@tailgate/shared'

/**
 * What the client needs of a wire protocol. One interface, one contract suite over every implementation.
 *
 * A transport makes single attempts and reports what came of them: it never retries, waits or resumes. That is
 * written once, above, in resuming-stream.ts. Every failure it throws is a `TailgateError`.
 */

/** Options of a one-shot call. */
export type CallOptions = {
  /** Ends the call: it then rejects with `aborted`. What the gateway has begun by then goes on. */
  readonly signal?: AbortSignal | undefined
}

/** What proves who one is. */
export type Credential = { readonly token: string } | { readonly code: string }

/** One event of a run's stream, with the cursor that stands after it. */
export type Delivery = { readonly cursor: string; readonly event: TailgateEvent }

/** Where a stream begins: behind a cursor, at the log's beginning (null), or so many lines before its end. */
export type StreamStart = string | null | { readonly tail: number }

/** What one connection yields. */
export type StreamItem =
  | ({ readonly type: 'event' } & Delivery)
  /** Bytes came, but no event: the connection lives. */
  | { readonly type: 'alive' }
  /** The gateway has nothing more for this cursor, now or ever. Always the last item. */
  | { readonly type: 'done' }

export interface Transport {
  start(request: StartRun, options: CallOptions): Promise<Run>
  get(runId: string, options: CallOptions): Promise<Run>
  list(request: ListRuns, options: CallOptions): Promise<RunPage>
  cancel(runId: string, options: CallOptions): Promise<Run>
  remove(runId: string, options: CallOptions): Promise<void>
  lines(request: LinesRequest, options: CallOptions): Promise<LinesPage>
  marks(request: MarksRequest, options: CallOptions): Promise<MarksPage>
  search(request: SearchRequest, options: CallOptions): Promise<SearchPage>
  artifacts(runId: string, options: CallOptions): Promise<Artifact[]>
  source(runId: string, options: CallOptions): Promise<Source>
  rate(runId: string, options: CallOptions): Promise<Rate>
  listFiles(request: ListFiles, options: CallOptions): Promise<FileList>
  readFile(request: ReadFile, options: CallOptions): Promise<Source>
  login(credential: Credential, options: CallOptions): Promise<WhoAmI>
  logout(options: CallOptions): Promise<void>
  whoAmI(options: CallOptions): Promise<WhoAmI>
  engineInfo(options: CallOptions): Promise<EngineInfo>
  health(options: CallOptions): Promise<Health>
  /**
   * One connection to a run's stream.
   *
   * The iteration ends when the connection does, and throws when it is refused or breaks. Leaving it, or aborting the
   * signal, closes the connection. It holds a bounded number of events and reads no further ahead of its consumer.
   */
  connect(runId: string, start: StreamStart, signal: AbortSignal): AsyncIterable<StreamItem>
}
