import { ArrowDown } from 'lucide-react'
import { Button } from '../design/Button.tsx'
import { countOf } from '../format/quantity.ts'
import type { LogViewState } from './log-view.ts'
import { isAtEnd } from './log-viewport.ts'

export type NewLinesProps = {
  /** The run has not ended. */
  going: boolean
  state: LogViewState
  onFollow: () => void
}

/** Over the foot of the lines, for who looks elsewhere while the log grows: how much is new, and the way there. */
export function NewLines({ going, state: { viewport, seen }, onFollow }: NewLinesProps) {
  const fresh = viewport.count - seen
  const isAway = !viewport.follows && !isAtEnd(viewport)
  if (!isAway || (!going && (fresh === 0 || seen === 0))) return null
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center">
      <div className="pointer-events-auto rounded-md shadow-overlay">
        <Button look="primary" onPress={onFollow}>
          <ArrowDown size={15} aria-hidden />
          {fresh > 0 && seen > 0 ? countOf(fresh, 'new line') : 'Follow'}
        </Button>
      </div>
    </div>
  )
}
