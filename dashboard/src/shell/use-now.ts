import { isEnded, type Run } from '@tailgate/client'
import { useEffect, useRef, useState } from 'react'

/** Milliseconds since 1970, renewed every so often. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/**
 * How long a run has been going, by this page's own clock since the record came: the clocks of the two machines are
 * never compared. Renewed every second while it runs.
 */
export function useElapsed(run: Run): number {
  const received = useRef({ run, at: performance.now() })
  if (received.current.run !== run) received.current = { run, at: performance.now() }
  const ticking = run.startedAt !== null && !isEnded(run.state)
  useNow(ticking ? 1_000 : 3_600_000)
  return ticking ? run.elapsedMs + performance.now() - received.current.at : run.elapsedMs
}
