import { ArrowDown } from 'lucide-react'
import { Button } from '../design/Button.tsx'
import { countOf } from '../format/quantity.ts'
import { useSelected } from '../gateway/store.ts'
import type { LogView } from './log-view.ts'
import { isAtEnd } from './log-viewport.ts'

export type NewLinesProps = {
  view: LogView
  /** The run has not ended. */
  going: boolean
  onFollow: () => void
}

/** Over the foot of the lines, for who looks elsewhere while the log grows: how much is new, and the way there. */
export function NewLines({ view, going, onFollow }: NewLinesProps) {
  const isAway = useSelected(view.state, ({ viewport }) => !viewport.follows && !isAtEnd(viewport))
  const fresh = useSelected(view.state, ({ viewport, seen }) => (isAway && seen > 0 ? viewport.count - seen : 0))
  if (!isAway || (!going && fresh === 0)) return null
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center">
      <div className="pointer-events-auto rounded-md shadow-overlay">
        <Button look="primary" onPress={onFollow}>
          <ArrowDown size={15} aria-hidden />
          {fresh > 0 ? countOf(fresh, 'new line') : 'Follow'}
        </Button>
      </div>
    </div>
  )
}
