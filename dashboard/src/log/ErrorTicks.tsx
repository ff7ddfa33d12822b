import { useMemo } from 'react'
import { type Store, useSelected } from '../gateway/store.ts'
import type { LogView } from './log-view.ts'
import type { Outline } from './outline.ts'

/** More ticks than these cannot be told apart. */
const MOST_TICKS = 200

export type ErrorTicksProps = { view: LogView; outline: Store<Outline> }

/** Where the errors are in the log as a whole. For the eye only: keys and buttons go there. */
export function ErrorTicks({ view, outline }: ErrorTicksProps) {
  const entries = useSelected(outline, ({ entries }) => entries)
  const errors = useMemo(() => entries.filter(({ kind }) => kind === 'error').slice(0, MOST_TICKS), [entries])
  // Without errors, its growth is nothing to draw.
  const total = useSelected(view.state, ({ viewport }) => (errors.length === 0 ? 1 : viewport.count))
  return (
    <div aria-hidden className="log-error-ticks">
      {errors.map(({ number }) => (
        <i key={number} style={{ top: `${((number - 0.5) / Math.max(1, total)) * 100}%` }} />
      ))}
    </div>
  )
}
