import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** One Ctrl+C can come twice: from the terminal, and from the package manager that started us. */
const SAME_KEYPRESS_MS = 300

/** Resolves with the first signal that asks the process to stop; a second one stops it at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let askedAt: number | null = null
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (askedAt !== null && performance.now() - askedAt > SAME_KEYPRESS_MS) process.exit(exitStatus(signal))
      askedAt ??= performance.now()
      resolve(signal)
    })
  }
  return promise
}

/** What a shell reports of a process that a signal ended. */
export function exitStatus(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
