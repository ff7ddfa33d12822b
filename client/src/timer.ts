/** Calls back once after so many milliseconds. Returns the way to stop that. */
export type StartTimer = (delayMs: number, callback: () => void) => () => void

/** The timer of the platform. */
export const startSystemTimer: StartTimer = (delayMs, callback) => {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}
