// biome-ignore-all lint/a11y/useSemanticElements: the rows of a <table> cannot be placed one by one
import {
  type CSSProperties,
  type MouseEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react'
import { useStore } from '../gateway/store.ts'
import { LogRow } from './LogRow.tsx'
import { isInRange } from './line-range.ts'
import { rowWindow, spacerHeight } from './log-viewport.ts'
import type { Log } from './use-log.ts'
import { scrollByKey, useScrolling } from './use-scrolling.ts'

export type LogLinesProps = {
  ref: RefObject<HTMLDivElement | null>
  log: Log
  /** What is searched for, to be marked, and the line where it is found. */
  pattern: RegExp | null
  foundLine: number | null
  onShowWhole: (number: number) => void
}

/** Rows drawn on either side of those that can be seen. */
const OVERSCAN = 8

/**
 * The lines on the screen. It draws what the view says and tells the view what the browser does; of a log of any
 * length there are never more rows here than fit on the screen.
 */
export function LogLines({ ref: scroller, log: { model, view }, pattern, foundLine, onShowWhole }: LogLinesProps) {
  const layer = useRef<HTMLDivElement>(null)
  const { viewport, range, wraps } = useStore(view.state)
  useSyncExternalStore(model.subscribe, () => model.version)
  const shown = rowWindow(viewport, OVERSCAN)
  // As many elements as there are rows in the window, each used again for the row that comes as its own one goes.
  const elements = Math.ceil(viewport.height / viewport.rowHeight) + 2 * OVERSCAN + 2
  useScrolling(scroller, view)

  useLayoutEffect(() => {
    const { current: element } = scroller
    if (element === null || viewport.scrollTop === view.barAt) return
    element.scrollTop = viewport.scrollTop
    view.acknowledge(element.scrollTop)
  }, [scroller, view, viewport])

  useLayoutEffect(() => {
    if (!wraps || layer.current === null) return
    view.measure(
      [...layer.current.children].map((row) => [
        Number(row.getAttribute('data-row')),
        row.getBoundingClientRect().height,
      ]),
    )
  })

  useEffect(() => {
    model.want(shown.first + 1, shown.last + 1)
  }, [model, shown.first, shown.last])

  const point = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a[data-line]') : null
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    view.point(Number(link.getAttribute('data-line')), event.shiftKey)
  }
  const numbers = Array.from({ length: Math.max(0, shown.last - shown.first + 1) }, (_, i) => shown.first + 1 + i)

  return (
    <div
      ref={scroller}
      role="table"
      aria-label="Log lines"
      aria-rowcount={viewport.count}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      data-wraps={wraps ? '' : undefined}
      className="log-lines min-h-0 grow"
      style={{ '--number-width': `${Math.max(4, String(viewport.count).length)}ch` } as CSSProperties} // its type has no custom properties
      onClick={point}
      onKeyDown={(event) => {
        if (scrollByKey(event.key, view)) event.preventDefault()
      }}
    >
      <div className="log-spacer" role="presentation" style={{ height: spacerHeight(viewport) }}>
        <div ref={layer} role="rowgroup" className="log-rows" style={{ top: shown.top }}>
          {numbers.map((number) => (
            <LogRow
              key={number % elements}
              number={number}
              line={model.line(number)}
              pointed={isInRange(range, number)}
              pattern={pattern}
              found={number === foundLine}
              unfinished={number === model.partial?.number}
              onShowWhole={onShowWhole}
            />
          ))}
        </div>
      </div>
    </div>
  )
}
