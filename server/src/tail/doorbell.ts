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
  let deadline = 0
  let alarm: { readonly timer: NodeJS.Timeout; readonly due: number } | null = null
  const ring = () => {
    rung = true
    wake?.()
  }
  for (const signal of signals) signal.addEventListener('abort', ring)
  // One timer for many waits: most are ended by a ring, and to set a timer and take it back costs more than the ring.
  const setAlarm = () => {
    if (alarm !== null && alarm.due <= deadline) return
    clearTimeout(alarm?.timer)
    // A process that was held up may find the time over, and Node warns of negative times.
    const ms = Math.max(0, Math.ceil(deadline - performance.now()))
    alarm = { timer: setTimeout(onAlarm, ms), due: deadline }
  }
  const onAlarm = () => {
    alarm = null
    if (wake === null) return
    if (performance.now() < deadline) setAlarm()
    else wake()
  }
  const ringOrTimeout = (ms: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      deadline = performance.now() + ms
      setAlarm()
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
      clearTimeout(alarm?.timer)
      for (const signal of signals) signal.removeEventListener('abort', ring)
    },
  }
}
