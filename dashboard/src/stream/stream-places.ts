/**
 * Places for streams. A browser opens six connections to one HTTP/1.1 gateway, for all its tabs together, and a stream
 * holds one for as long as it lives: seven tabs would leave none for anything else. So the tabs share a few places, by
 * way of the browser's lock manager, and whoever has none asks now and then instead of listening.
 */

export type StreamPlaces = {
  /** Waits for a place; the function given back gives it back. Rejects when the signal aborts. */
  take(signal: AbortSignal): Promise<() => void>
}

/** The part of the browser's lock manager that is used. On plain HTTP from another machine there is none. */
export type Locks = {
  request(name: string, options: { signal: AbortSignal }, whileHeld: () => Promise<void>): Promise<unknown>
}

/** Of six connections, two stay free for everything else. */
export const STREAM_PLACES = 4

export function createStreamPlaces(locks: Locks | undefined): StreamPlaces {
  // Without locks, hidden tabs give their streams back all the same.
  if (locks === undefined) return { take: async () => () => undefined }
  return {
    async take(signal) {
      const enough = new AbortController()
      const waiting = AbortSignal.any([signal, enough.signal])
      const taken = Promise.withResolvers<() => void>()
      let found = false
      const hold = async () => {
        // Two may be granted in the same moment: the second goes back at once.
        if (found) return
        found = true
        const released = Promise.withResolvers<void>()
        taken.resolve(released.resolve)
        enough.abort()
        await released.promise
      }
      for (let place = 0; place < STREAM_PLACES; place += 1) {
        // Rejects for places that are not waited for any more; the first rejection counts if none was granted.
        locks.request(`tailgate-stream-${place}`, { signal: waiting }, hold).catch(taken.reject)
      }
      return await taken.promise
    },
  }
}
