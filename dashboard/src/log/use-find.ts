import type { TailgateClient } from '@tailgate/client'
import { useCallback, useEffect, useReducer, useRef } from 'react'
import { type FindQuery, type FindState, find, grown, NO_FIND, nextCount } from './find.ts'
import type { Log } from './use-log.ts'

/** A search waits for the next letter this long, milliseconds. */
const TYPING_MS = 150

/** Matches in new lines are counted at most this often, milliseconds. */
const RECOUNT_MS = 2_000

export type Find = {
  readonly state: FindState
  ask(query: FindQuery | null): void
  /** Goes to the next match (1) or the one before (-1), and on from the other end of the log. */
  step(by: 1 | -1): void
}

/** Searches the whole log, on the gateway. */
export function useFind({ model, view }: Log, runId: string, runs: Pick<TailgateClient['runs'], 'search'>): Find {
  const [state, dispatch] = useReducer(find, NO_FIND)
  const latest = useRef(state)
  latest.current = state
  const asking = useRef<AbortController | null>(null)

  const search = useCallback(
    async (query: FindQuery, from: number, by: 1 | -1, signal: AbortSignal): Promise<number | null> => {
      const request = { runId, q: query.text, ignoreCase: query.ignoreCase, limit: 1 }
      const direction = by === 1 ? 'forward' : 'backward'
      for (let at = from; at >= 1; ) {
        const page = await runs.search({ ...request, direction, from: at }, { signal })
        const match = page.matches[0]
        if (match !== undefined) return match.number
        if (page.complete) return null
        at = page.scannedTo + by
      }
      return null
    },
    [runId, runs],
  )

  /** One thing at a time: what was asked before is forgotten. A failure leaves what is there. */
  const begin = useCallback((work: (signal: AbortSignal) => Promise<void>) => {
    asking.current?.abort()
    const controller = new AbortController()
    asking.current = controller
    work(controller.signal).catch(() => undefined)
  }, [])

  const { query, status } = state
  useEffect(() => {
    if (query === null || status !== 'searching') return
    const timer = setTimeout(() => {
      begin(async (signal) => {
        const { total } = model
        const line = (await search(query, view.place, 1, signal)) ?? (await search(query, 1, 1, signal))
        dispatch({ type: 'first', line, total })
        if (line !== null) view.reveal(line)
      })
    }, TYPING_MS)
    return () => clearTimeout(timer)
  }, [query, status, search, begin, model, view])

  const counting = nextCount(state)
  const { part, from, to } = counting ?? {}
  useEffect(() => {
    if (query === null || part === undefined || from === undefined) return
    const left = new AbortController()
    const count = async () => {
      const before = latest.current[part]
      const request = { runId, q: query.text, ignoreCase: query.ignoreCase, limit: 0, from, ...(to && { to }) }
      const page = await runs.search(request, { signal: left.signal })
      const matches = before.matches + page.count
      dispatch({ type: 'counted', part, count: { matches, scannedTo: page.scannedTo, done: page.complete } })
    }
    count().catch(() => undefined)
    return () => left.abort()
  }, [query, part, from, to, runId, runs])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const recount = () => {
      timer = undefined
      dispatch({ type: 'grown', total: model.total })
    }
    const stop = model.subscribe(() => {
      const { current } = latest
      if (grown(current, model.total) !== current) timer ??= setTimeout(recount, RECOUNT_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [model])

  const ask = useCallback((query: FindQuery | null) => dispatch({ type: 'ask', query }), [])
  const step = useCallback(
    (by: 1 | -1) => {
      const { query, line } = latest.current
      if (query === null || line === null) return
      begin(async (signal) => {
        const next = await search(query, line + by, by, signal)
        const found = next ?? (await search(query, by === 1 ? 1 : model.total, by, signal))
        if (found === null) return
        dispatch({ type: 'step', line: found, by, wrapped: next === null })
        view.reveal(found)
      })
    },
    [search, begin, model, view],
  )
  return { state, ask, step }
}
