import { isEnded, type ListRuns, type RunPage } from '@tailgate/client'
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

export const runQuery = (runId: string) =>
  queryOptions({ queryKey: ['run', runId], queryFn: ({ signal }) => gateway.runs.get(runId, { signal }) })
