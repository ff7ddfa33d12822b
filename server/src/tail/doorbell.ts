/** A wait that a ring or one of the signals cuts short; a ring while nobody waits is remembered. */
export type Doorbell = {
  readonly ring: () => void
  /** Resolves at the next ring, at once if there was one since the last wait, or after `ms`: then to false. */
  wait(ms: number): Promise<boolean>
  /** A short rest that leaves rings for the next wait. */
  pause(ms: number): Promise<void>
  close(): void
}

export function createDoorbell(...signals: readonly AbortSignal[]): Doorbell {
  let rung = false
  let wake: (() => void) | null = null
  const ring = () => {
    rung = true
    wake?.()
  }
  for (const signal of signals) signal.addEventListener('abort', ring)
  const ringOrTimeout = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  return {
    ring,
    async wait(ms) {
      if (!rung) await ringOrTimeout(ms)
      wake = null
      const rang = rung
      rung = false
      return rang
    },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    close() {
      for (const signal of signals) signal.removeEventListener('abort', ring)
    },
  }
}
