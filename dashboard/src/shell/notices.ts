import { createStore } from '../gateway/store.ts'

/** Short messages of the page: what was done for the user, and what could not be. */

export type Notice = { readonly tone: 'info' | 'bad'; readonly text: string }

/** What stands in the corner until it is dismissed or the next one comes. */
export const notice = createStore<Notice | null>(null)

/** What screen readers are told, politely. */
export const announcement = createStore<string>('')

export function announce(text: string): void {
  announcement.set(text)
}

/** Tells that something the user asked for could not be done. */
export function complain(error: Error): void {
  notice.set({ tone: 'bad', text: error.message })
}
