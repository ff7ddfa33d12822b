import { type RefObject, useEffect, useLayoutEffect } from 'react'
import type { LogView } from './log-view.ts'

/** Scrolling has stopped when nothing has been heard of it for this long, milliseconds. */
const SETTLE_AFTER_MS = 160

/** Tells the view how the scrolled element is scrolled and sized. */
export function useScrolling(ref: RefObject<HTMLElement | null>, view: LogView): void {
  // Before anything is asked for: how much is wanted depends on it.
  useLayoutEffect(() => {
    if (ref.current !== null) view.resize(ref.current.clientHeight)
  }, [ref, view])
  useEffect(() => {
    const { current: element } = ref
    if (element === null) return
    const listening = new AbortController()
    const { signal } = listening
    let byScrollbar = false
    let settling: ReturnType<typeof setTimeout> | undefined

    const onScroll = () => {
      view.scroll(element.scrollTop, element.clientHeight, byScrollbar)
      clearTimeout(settling)
      settling = setTimeout(() => view.settle(), SETTLE_AFTER_MS)
    }
    // The browser tells of a scroll only afterwards: a log that grows meanwhile would pull the reader back to its end.
    const onWheel = ({ deltaY, ctrlKey }: WheelEvent) => {
      if (deltaY < 0 && !ctrlKey) view.release()
    }
    const onPointerDown = ({ target, offsetX, pointerType }: PointerEvent) => {
      byScrollbar = target === element && offsetX >= element.clientWidth
      if (byScrollbar || pointerType === 'touch') view.release()
    }
    const onPointerUp = () => {
      byScrollbar = false
    }
    element.addEventListener('scroll', onScroll, { passive: true, signal })
    element.addEventListener('wheel', onWheel, { passive: true, signal })
    element.addEventListener('pointerdown', onPointerDown, { signal })
    addEventListener('pointerup', onPointerUp, { signal })
    const sizes = new ResizeObserver(() => view.resize(element.clientHeight))
    sizes.observe(element)
    return () => {
      listening.abort()
      sizes.disconnect()
      clearTimeout(settling)
    }
  }, [ref, view])
}

/** Keys of the focused log that the browser would carry out by way of the scroll bar. True when it was one. */
export function scrollByKey(key: string, view: LogView): boolean {
  switch (key) {
    case 'Home':
      view.toStart()
      return true
    case 'End':
      view.follow()
      return true
    case 'PageUp':
      view.page(-1)
      return true
    case 'PageDown':
      view.page(1)
      return true
    case 'ArrowUp':
      view.release()
      return false
    default:
      return false
  }
}
