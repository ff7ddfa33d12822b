import {
  err,
  type LinesPage,
  type LinesRequest,
  type ListRuns,
  MAX_PAGE_LINES,
  type MarksPage,
  type MarksRequest,
  ok,
  type Rate,
  type Result,
  type Run,
  type RunPage,
  type SearchPage,
  type SearchRequest,
  type Source,
  TailgateError,
} from '@tailgate/shared'
import { findMarks } from '../feed/find-marks.ts'
import { logPath } from '../feed/log-files.ts'
import { readPage } from '../feed/read-page.ts'
import { searchLog } from '../feed/search-log.ts'
import { locateTail } from '../lines/read-lines.ts'
import type { RunStore } from '../store/run-store.ts'
import { isRunId } from './run-id.ts'
import type { RunRegistry } from './run-registry.ts'
import type { LogFile, OpenArtifact } from './run-service.ts'
import { readKeptSource } from './run-source.ts'
import { SearchTurns } from './search-turns.ts'
import { unknownRun } from './unknown-run.ts'

/** Answers what is asked about runs and their logs, without changing anything. */

export type RunReaderDeps = {
  readonly store: Pick<RunStore, 'get' | 'list'>
  readonly registry: RunRegistry
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Told how long a search took. */
  readonly onSearched: (ms: number) => void
  /** Opens a saved file if it may be served now. */
  readonly openArtifact: (path: string) => Promise<Result<OpenArtifact, TailgateError>>
}

/** A search is bounded in time, so a turn comes soon. */
const SEARCH_RETRY_AFTER_SECONDS = 2
const DEFAULT_PAGE_RUNS = 50
const DEFAULT_MATCHES = 100
const DEFAULT_MARKS = 100

export class RunReader {
  readonly #deps: RunReaderDeps
  readonly #searches = new SearchTurns()

  constructor(deps: RunReaderDeps) {
    this.#deps = deps
  }

  get(runId: string): Run | undefined {
    return this.#deps.registry.record(runId)
  }

  /** The record of a run that is known to exist. */
  known(runId: string): Run {
    const run = this.get(runId)
    if (run === undefined) throw new Error(`Internal error: run ${runId} is gone from the store`)
    return run
  }

  list(request: ListRuns): Result<RunPage, TailgateError> {
    const { state, file, q, limit = DEFAULT_PAGE_RUNS, cursor } = request
    if (cursor !== undefined && !isRunId(cursor)) return err(notANextPage())
    const stored = this.#deps.store.list({ states: state, file, text: q, before: cursor, limit: limit + 1 })
    const runs = stored.slice(0, limit).map((run) => this.#deps.registry.recordOf(run))
    const more = stored.length > limit
    return ok({ runs, next: more ? (runs.at(-1)?.id ?? null) : null })
  }

  async lines(request: LinesRequest): Promise<Result<LinesPage, TailgateError>> {
    const log = await this.#deps.registry.log(request.runId)
    if (log === null) return err(unknownRun(request.runId))
    const { from = 1, count = MAX_PAGE_LINES, maxChars = Number.POSITIVE_INFINITY } = request
    return ok(await readPage(log.feed, log.kinds, { from, count, maxChars }))
  }

  async marks(request: MarksRequest, signal: AbortSignal): Promise<Result<MarksPage, TailgateError>> {
    const log = await this.#deps.registry.log(request.runId)
    if (log === null) return err(unknownRun(request.runId))
    const { kind, from, limit = DEFAULT_MARKS, direction = 'forward' } = request
    return ok(await findMarks(log.feed, log.kinds, { kind, from, limit, direction, signal }))
  }

  async search(request: SearchRequest, signal: AbortSignal): Promise<Result<SearchPage, TailgateError>> {
    const log = await this.#deps.registry.log(request.runId)
    if (log === null) return err(unknownRun(request.runId))
    const { q: query, from, to, limit = DEFAULT_MATCHES, ignoreCase = false, direction = 'forward' } = request
    const { read, index, bytes, lines } = log.feed
    const { now } = this.#deps
    using turn = await this.#searches.take(signal)
    if (turn === null) return err(tooManySearches())
    const startedAt = now()
    const what = { query, ignoreCase, from, to, limit, direction }
    const page = await searchLog({ read, index, bytes, lines, ...what, signal, now })
    this.#deps.onSearched(now() - startedAt)
    return ok(page)
  }

  async rate(runId: string): Promise<Result<Rate, TailgateError>> {
    const log = await this.#deps.registry.log(runId)
    return log === null ? err(unknownRun(runId)) : ok({ samples: log.growth.samples() })
  }

  async source(runId: string): Promise<Result<Source, TailgateError>> {
    const run = this.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    const source = await readKeptSource(this.#deps.registry.runDir(runId), run.file)
    if (source !== null) return ok(source)
    const message = `Run ${runId} has no copy of its do-file: it has not been launched, or that is being copied.`
    return err(new TailgateError('not-found', message))
  }

  log(runId: string): LogFile | undefined {
    const { registry, store } = this.#deps
    const path = logPath(registry.runDir(runId))
    const active = registry.active.get(runId)
    if (active !== undefined) {
      const { bytes, generation } = active.runLog.feed
      return { path, bytes, generation, ended: false }
    }
    const stored = store.get(runId)
    return stored && { path, bytes: stored.logBytes, generation: stored.generation, ended: true }
  }

  async tailOffset(runId: string, count: number): Promise<Result<number, TailgateError>> {
    const log = await this.#deps.registry.log(runId)
    if (log === null) return err(unknownRun(runId))
    return ok(await locateTail(log.feed.read, log.feed.bytes, count))
  }

  async openArtifact(runId: string, index: number): Promise<Result<OpenArtifact, TailgateError>> {
    const run = this.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    const artifact = run.artifacts[index]
    if (artifact === undefined) {
      const message = `Run ${runId} has ${run.artifacts.length} artifacts; there is no number ${index}.`
      return err(new TailgateError('not-found', message))
    }
    return await this.#deps.openArtifact(artifact.path)
  }

  /** How many searches run, and how many wait for their turn. */
  get searches(): { running: number; waiting: number } {
    const { running, waiting } = this.#searches
    return { running, waiting }
  }
}

function tooManySearches(): TailgateError {
  const message = 'Too many searches are waiting already: search again in a moment.'
  return new TailgateError('too-many-requests', message, { details: { retryAfterSeconds: SEARCH_RETRY_AFTER_SECONDS } })
}

function notANextPage(): TailgateError {
  const message = 'Bad parameter "cursor": must be the "next" of the page before.'
  return new TailgateError('bad-request', message, { details: { parameter: 'cursor' } })
}
