import { useEffect, useState } from 'react'
import { gateway } from '../gateway/gateway.ts'
import { RunStream } from './run-stream.ts'
import { createStreamPlaces } from './stream-places.ts'
import { delay, tabHidden, tabVisible } from './tab-visibility.ts'

const places = createStreamPlaces(navigator.locks)

/** The stream of a run, followed for as long as the component lives. Give the component the run's id as its key. */
export function useRunStream(runId: string): RunStream {
  const [stream] = useState(
    () =>
      new RunStream(runId, {
        runs: gateway.runs,
        places,
        visible: tabVisible,
        hidden: tabHidden,
        delay,
      }),
  )
  useEffect(() => {
    const left = new AbortController()
    void stream.follow(left.signal)
    return () => left.abort()
  }, [stream])
  return stream
}
