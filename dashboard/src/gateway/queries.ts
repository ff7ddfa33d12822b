import { isEnded, type ListRuns, type Run, type RunPage } from '@tailgate/client'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { gateway } from './gateway.ts'

/**
 * What the pages ask of the gateway, and how often. Lists are asked for again and again rather than streamed: a
 * browser has six connections to a gateway for all its tabs together, and a list that is two seconds old is live
 * enough. Tabs that nobody sees ask nothing.
 */

const ACTIVE_LIST_MS = 2_000
const QUIET_LIST_MS = 5_000
const HEALTH_MS = 10_000
const LOST_HEALTH_MS = 2_000
const RATE_MS = 4_000

/** How many earlier runs of a do-file are compared. */
const EARLIER_RUNS = 40

/** How many of the newest runs are looked through for recent do-files. */
const RECENT_RUNS = 100

const hasActive = (page: RunPage | undefined) => page?.runs.some((run) => !isEnded(run.state)) ?? true

export const runsQuery = (request: ListRuns) =>
  queryOptions({
    queryKey: ['runs', request],
    queryFn: ({ signal }) => gateway.runs.list(request, { signal }),
    refetchInterval: ({ state }) => (hasActive(state.data) ? ACTIVE_LIST_MS : QUIET_LIST_MS),
    placeholderData: keepPreviousData,
  })

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => gateway.health({ signal }),
  retry: false,
  refetchInterval: ({ state }) => (state.status === 'error' ? LOST_HEALTH_MS : HEALTH_MS),
})

/** Who this browser is taken for; a login changes it. */
export const whoAmIQuery = queryOptions({
  queryKey: ['whoami'],
  queryFn: ({ signal }) => gateway.whoAmI({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
})

/** What was copied at the launch does not change. */
export const sourceQuery = (runId: string) =>
  queryOptions({
    queryKey: ['source', runId],
    queryFn: ({ signal }) => gateway.runs.source(runId, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const rateQuery = (run: Run) =>
  queryOptions({
    queryKey: ['rate', run.id, isEnded(run.state)],
    queryFn: ({ signal }) => gateway.runs.rate(run.id, { signal }),
    placeholderData: keepPreviousData,
    ...(isEnded(run.state) ? { staleTime: Number.POSITIVE_INFINITY } : { refetchInterval: RATE_MS }),
  })

export const earlierRunsQuery = (file: string) =>
  queryOptions({
    queryKey: ['runs', 'earlier', file],
    queryFn: ({ signal }) => gateway.runs.list({ file, limit: EARLIER_RUNS }, { signal }),
  })

export const recentRunsQuery = queryOptions({
  queryKey: ['runs', 'recent'],
  queryFn: ({ signal }) => gateway.runs.list({ limit: RECENT_RUNS }, { signal }),
})

/** A directory, or the roots for null. */
export const directoryQuery = (path: string | null) =>
  queryOptions({
    queryKey: ['files', path],
    queryFn: ({ signal }) => gateway.files.list(path === null ? {} : { path }, { signal }),
    placeholderData: keepPreviousData,
  })

export const doFileQuery = (path: string) =>
  queryOptions({ queryKey: ['do-file', path], queryFn: ({ signal }) => gateway.files.read({ path }, { signal }) })
