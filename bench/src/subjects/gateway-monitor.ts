import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded into the gateway's process before the gateway (`node --import`), to answer what can only be known there.
 * It does nothing until it is asked, and does not keep the process alive.
 */

export type MonitorQuestion = 'watch-loop' | 'loop-delay' | 'collect-garbage'

/** How much later than it should the event loop came around, milliseconds. */
export type LoopDelay = { readonly p50: number; readonly p99: number; readonly max: number }

const RESOLUTION_MS = 1

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

process.on('message', (question: MonitorQuestion) => process.send?.(reply(question)))
process.channel?.unref()

function reply(question: MonitorQuestion): LoopDelay | null {
  switch (question) {
    case 'watch-loop':
      delay.reset()
      delay.enable()
      return null
    case 'loop-delay': {
      delay.disable()
      const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
      return { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) }
    }
    case 'collect-garbage':
      globalThis.gc?.()
      return null
  }
}
