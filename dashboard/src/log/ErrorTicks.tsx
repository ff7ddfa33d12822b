import { memo } from 'react'
import type { OutlineEntry } from './outline.ts'

/** More ticks than these cannot be told apart. */
const MOST_TICKS = 200

export type ErrorTicksProps = { entries: readonly OutlineEntry[]; total: number }

/** Where the errors are in the log as a whole. For the eye only: keys and buttons go there. */
export const ErrorTicks = memo(function ErrorTicks({ entries, total }: ErrorTicksProps) {
  const errors = entries.filter(({ kind }) => kind === 'error').slice(0, MOST_TICKS)
  return (
    <div aria-hidden className="log-error-ticks">
      {errors.map(({ number }) => (
        <i key={number} style={{ top: `${((number - 0.5) / Math.max(1, total)) * 100}%` }} />
      ))}
    </div>
  )
})
