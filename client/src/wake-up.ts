/** Calls back when a connection that failed a moment ago may succeed now. Returns the way to stop that. */
export type OnWakeUp = (listener: () => void) => () => void

/**
 * In a browser: the network is back, or the user has come back to the tab (whose timers the browser had slowed down).
 * Elsewhere there are no such events and it never calls back.
 */
export const onBrowserWakeUp: OnWakeUp = (listener) => {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => undefined
  const onVisibility = () => {
    if (document.visibilityState === 'visible') listener()
  }
  window.addEventListener('online', listener)
  document.addEventListener('visibilitychange', onVisibility)
  return () => {
    window.removeEventListener('online', listener)
    document.removeEventListener('visibilitychange', onVisibility)
  }
}
