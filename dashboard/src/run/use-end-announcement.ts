import { isEnded, type Run } from '@tailgate/client'
import { useEffect, useRef } from 'react'
import { baseName } from '../format/path.ts'
import { outcomeText } from '../runs/outcome-text.ts'
import { STATE_LABEL } from '../runs/run-states.ts'
import { announce } from '../shell/notices.ts'

/** Tells screen readers how the run ended, if it did so while the page was open. */
export function useEndAnnouncement(run: Run): void {
  const wasGoing = useRef(false)
  const ended = isEnded(run.state)
  useEffect(() => {
    if (!ended) wasGoing.current = true
    else if (wasGoing.current) {
      wasGoing.current = false
      const { rc } = run.outcome ?? { rc: null }
      const code = rc === null || rc === 0 ? '' : ` with return code ${rc}`
      announce([`${baseName(run.file)}: ${STATE_LABEL[run.state]}${code}`, outcomeText(run)].filter(Boolean).join('. '))
    }
  }, [ended, run])
}
