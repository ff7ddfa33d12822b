import { destination, type Logger, pino } from 'pino'
import type { Settings } from '../config/settings.ts'

/** Logs are JSON lines on stderr, so that stdout stays for people and pipes. */
export function createLogger(level: Settings['logLevel']): Logger {
  const stderr = destination(2)
  // The terminal was closed, or the disk of the log is full. pino would end the process for it, and in its last flush
  // try for ever to write; so from then on nothing is logged, as pino itself has it for a closed pipe.
  stderr.on('error', () => {
    stderr.write = () => true
    stderr.flushSync = () => undefined
  })
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stderr)
}
