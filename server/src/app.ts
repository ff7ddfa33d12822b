import type { EngineInfo, Result } from '@tailgate/shared'
import { err } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { Configuration } from './config.ts'

/** A running gateway. */
export type Gateway = {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string
  engineInfo(): EngineInfo
  /** Ends the streams so that their viewers return, and lets go of everything; runs go on. */
  close(): Promise<void>
}

/** Wires a gateway and starts it; the error is for the user and says what to do. */
export async function createGateway(_options: {
  configuration: Configuration
  log: Logger
}): Promise<Result<Gateway, string>> {
  return err('The gateway is not wired yet.')
}
