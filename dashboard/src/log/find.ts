/**
 * The search through a log, as a state machine: which line is found, which of how many it is, and what to ask the
 * gateway next. Pure; `use-find.ts` asks.
 *
 * The match nearest to where the reader is comes first, at once. Then all matches are counted, first those before it,
 * which makes it the n-th, then the rest, in as many steps as the gateway needs. No list of matches is kept, so ten
 * million of them are as good as ten.
 */

export type FindQuery = { readonly text: string; readonly ignoreCase: boolean }

/** Where the line that is found lies among the matches: so many steps from the first one found, or from either end. */
type Place = { readonly from: 'origin' | 'start' | 'end'; readonly steps: number }

type Count = {
  readonly matches: number
  /** The line up to which was counted. */
  readonly scannedTo: number
  readonly done: boolean
}

export type FindState = {
  readonly query: FindQuery | null
  /** `none`: the whole log was looked at, and there is no match. */
  readonly status: 'idle' | 'searching' | 'found' | 'none'
  readonly line: number | null
  readonly place: Place
  /** Line of the match that was found first. */
  readonly origin: number
  /** Matches before the origin, and from it on. */
  readonly before: Count
  readonly rest: Count
}

export type FindEvent =
  | { readonly type: 'ask'; readonly query: FindQuery | null }
  /** The nearest match of a new query; null when there is none at all. */
  | { readonly type: 'first'; readonly line: number | null; readonly total: number }
  /** The next match either way; `wrapped`: beyond the end of the log, or its beginning. */
  | { readonly type: 'step'; readonly line: number; readonly by: 1 | -1; readonly wrapped: boolean }
  | { readonly type: 'counted'; readonly part: 'before' | 'rest'; readonly count: Count }
  /** The log has so many lines now. */
  | { readonly type: 'grown'; readonly total: number }

const NOTHING: Count = { matches: 0, scannedTo: 0, done: false }

export const NO_FIND: FindState = {
  query: null,
  status: 'idle',
  line: null,
  place: { from: 'origin', steps: 0 },
  origin: 0,
  before: NOTHING,
  rest: NOTHING,
}

export function find(state: FindState, event: FindEvent): FindState {
  switch (event.type) {
    case 'ask':
      return event.query === null ? NO_FIND : { ...NO_FIND, query: event.query, status: 'searching' }
    case 'first':
      if (event.line === null) return { ...state, status: 'none', rest: { ...NOTHING, scannedTo: event.total } }
      return {
        ...state,
        status: 'found',
        line: event.line,
        origin: event.line,
        before: { ...NOTHING, done: event.line === 1 },
        rest: { ...NOTHING, scannedTo: event.line - 1 },
      }
    case 'step': {
      const { from, steps } = state.place
      const end = event.by === 1 ? 'start' : 'end'
      return {
        ...state,
        line: event.line,
        place: event.wrapped ? { from: end, steps: 0 } : { from, steps: steps + event.by },
      }
    }
    case 'counted':
      return { ...state, [event.part]: event.count }
    case 'grown':
      return grown(state, event.total)
  }
}

/** What is still to be counted, from a line to a line; null when there is nothing. */
export function nextCount(state: FindState): { part: 'before' | 'rest'; from: number; to: number | undefined } | null {
  if (state.status !== 'found') return null
  if (!state.before.done) return { part: 'before', from: state.before.scannedTo + 1, to: state.origin - 1 }
  if (!state.rest.done) return { part: 'rest', from: state.rest.scannedTo + 1, to: undefined }
  return null
}

/** The log has grown: counting goes on behind what was counted, and what was nowhere may now be there. */
export function grown(state: FindState, total: number): FindState {
  if (state.status === 'none' && state.rest.scannedTo < total) return { ...state, status: 'searching' }
  return state.rest.done && state.rest.scannedTo < total ? { ...state, rest: { ...state.rest, done: false } } : state
}

/** Matches counted so far. */
export function matchCount({ before, rest }: FindState): number {
  return before.matches + rest.matches
}

/** Whether that is all of them. */
export function isCounted({ before, rest }: FindState): boolean {
  return before.done && rest.done
}

/** Which of the matches is found, from 1 on; null while that is not known. */
export function matchNumber(state: FindState): number | null {
  const { place, before } = state
  if (state.line === null) return null
  switch (place.from) {
    case 'start':
      return 1 + place.steps
    case 'origin':
      return before.done ? before.matches + 1 + place.steps : null
    case 'end':
      return isCounted(state) ? matchCount(state) + place.steps : null
  }
}
