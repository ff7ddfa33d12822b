/** Whether anybody sees this tab, as promises. All of them reject when their signal aborts. */

/** A tab that is left for a moment keeps its stream. */
const HIDDEN_GRACE_MS = 5_000

/** Resolves once the tab can be seen. */
export async function tabVisible(signal: AbortSignal): Promise<void> {
  while (!isVisible()) await nextChange(signal)
}

/** Resolves once the tab has not been seen for some seconds. */
export async function tabHidden(signal: AbortSignal): Promise<void> {
  while (true) {
    while (isVisible()) await nextChange(signal)
    await Promise.race([delay(HIDDEN_GRACE_MS, signal), nextChange(signal)])
    if (!isVisible()) return
  }
}

function isVisible(): boolean {
  return document.visibilityState === 'visible'
}

export function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort, { once: true })
  })
}

function nextChange(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const done = () => {
      document.removeEventListener('visibilitychange', done)
      signal.removeEventListener('abort', done)
      if (signal.aborted) reject(signal.reason)
      else resolve()
    }
    document.addEventListener('visibilitychange', done)
    signal.addEventListener('abort', done)
  })
}
