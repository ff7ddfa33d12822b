import type { TailgateClient } from '@tailgate/client'
import { useEffect, useState } from 'react'
import type { RunFeed } from '../stream/run-stream.ts'
import { delay } from '../stream/tab-visibility.ts'
import { formatLineHash, parseLineHash } from './line-range.ts'
import { LogModel } from './log-model.ts'
import { LogOutline } from './log-outline.ts'
import { LogView } from './log-view.ts'

/** Between two updates of a log that grows fast, milliseconds: more would be seen by nobody. */
const UPDATE_EVERY_MS = 50
/** Updates take no more than one part in so many of the browser's time; what is left is the reader's. */
const UPDATE_SHARE = 5
const LONGEST_WAIT_MS = 400

export type Log = { readonly model: LogModel; readonly view: LogView; readonly outline: LogOutline }

/** The log of a run, kept up to date for as long as the component lives. Give the component the run's id as its key. */
export function useLog(runId: string, runs: Pick<TailgateClient['runs'], 'lines' | 'marks'>, feed: RunFeed): Log {
  const [log] = useState((): Log => {
    const model = new LogModel({ runId, lines: runs.lines, beforeFrame: pacedFrames(), delay })
    const view = new LogView(parseLineHash(location.hash))
    return { model, view, outline: new LogOutline({ runId, marks: runs.marks, model, delay }) }
  })
  const { model, view, outline } = log
  useEffect(() => {
    const left = new AbortController()
    const grow = () => view.grow(model.rows)
    const accept = () => {
      const { run } = feed.state.get()
      if (run !== null) model.accept(run)
    }
    const stops = [
      model.subscribe(grow),
      feed.onEvent((event) => {
        model.take(event)
        outline.take(event)
      }),
      feed.state.subscribe(accept),
      followAddress(view),
    ]
    accept()
    grow()
    outline.start(left.signal)
    return () => {
      left.abort()
      for (const stop of stops) stop()
      model.pause()
    }
  }, [model, view, outline, feed])
  return log
}

/** Keeps the address and the lines pointed at the same. */
function followAddress(view: LogView): () => void {
  const go = () => {
    const range = parseLineHash(location.hash)
    if (range !== null) view.show(range)
  }
  // A link to where the address is already changes nothing, but its reader wants to be taken there.
  const click = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link !== null && !event.defaultPrevented && link.hash !== '' && link.href === location.href) go()
  }
  let shown = location.hash
  const write = () => {
    const { range } = view.state.get()
    const hash = range === null ? '' : formatLineHash(range)
    if (hash === shown) return
    shown = hash
    if (hash !== location.hash) history.replaceState(history.state, '', `${location.pathname}${location.search}${hash}`)
  }
  addEventListener('hashchange', go)
  document.addEventListener('click', click)
  const stop = view.state.subscribe(write)
  return () => {
    removeEventListener('hashchange', go)
    document.removeEventListener('click', click)
    stop()
  }
}

/** Calls back before a frame is drawn, and not too often. */
function pacedFrames(): (callback: () => void) => () => void {
  let next = 0
  return (callback) => {
    let frame = 0
    const ask = () => {
      frame = requestAnimationFrame(() => {
        const began = performance.now()
        callback()
        // By then the frame is drawn.
        setTimeout(() => {
          const took = performance.now() - began
          next = began + Math.min(LONGEST_WAIT_MS, Math.max(UPDATE_EVERY_MS, UPDATE_SHARE * took))
        })
      })
    }
    const timer = setTimeout(ask, Math.max(0, next - performance.now()))
    return () => {
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    }
  }
}
