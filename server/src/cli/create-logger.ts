import { destination, type Logger, pino } from 'pino'
import type { Settings } from '../config/settings.ts'

/** Logs are JSON lines on stderr, so that stdout stays for people and pipes. */
export function createLogger(level: Settings['logLevel']): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination(2))
}
