import { TailgateError } from '@tailgate/client'
import { createStore } from './store.ts'

/** What the last request met. `signed-out`: the gateway wants a token. */
export type ConnectionState = 'unknown' | 'reachable' | 'unreachable' | 'signed-out'

/** One for the whole page; the banner and the login show it. */
export const connection = createStore<ConnectionState>('unknown')

export function reportSuccess(): void {
  connection.set('reachable')
}

export function reportFailure(error: unknown): void {
  if (!(error instanceof TailgateError)) return
  if (error.code === 'unauthorized') connection.set('signed-out')
  else if (error.code === 'network' || error.code === 'protocol') connection.set('unreachable')
  // Any other refusal is an answer. It does not say that a login has worked, since some need none.
  else if (connection.get() !== 'signed-out' && error.code !== 'aborted') connection.set('reachable')
}
