import type { Credential } from '@tailgate/client'
import { connection } from './connection.ts'
import { gateway } from './gateway.ts'
import { queryClient } from './query-client.ts'
import { createStore } from './store.ts'

/**
 * Signing in and out. The session is a cookie that no script can read; that there is one is noted here, since many
 * users never need one, and have nothing to sign out of.
 */

const STORAGE_KEY = 'tailgate-signed-in'

export const signedIn = createStore<boolean>(read())

export async function signIn(credential: Credential): Promise<void> {
  await gateway.login(credential)
  note(true)
  connection.set('reachable')
  await queryClient.resetQueries()
}

/** Why the login link with which the page was opened did not work; null when it did, or there was none. */
export const linkProblem = createStore<string | null>(null)

/** Uses the one-time code of a login link, `/#login=CODE`, and takes it out of the address. */
export async function signInByLink(): Promise<void> {
  const code = /^#login=(.+)$/.exec(location.hash)?.[1]
  if (code === undefined) return
  history.replaceState(null, '', location.pathname + location.search)
  try {
    await signIn({ code: decodeURIComponent(code) })
  } catch (error) {
    // Whoever is let in anyway needs no link: only the login page tells.
    linkProblem.set(error instanceof Error ? error.message : String(error))
  }
}

export async function signOut(): Promise<void> {
  await gateway.logout()
  note(false)
  connection.set('signed-out')
  queryClient.clear()
}

function read(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== null
  } catch {
    return false
  }
}

function note(on: boolean): void {
  signedIn.set(on)
  try {
    if (on) localStorage.setItem(STORAGE_KEY, 'yes')
    else localStorage.removeItem(STORAGE_KEY)
  } catch {
    // Storage may be forbidden; the session lasts all the same.
  }
}
