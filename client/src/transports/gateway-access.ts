/**
 * Where the gateway is and how to prove who one is: the base URL, the token and the `fetch` to use, for both transports.
 */

/** The part of the global `fetch` that the client uses. */
export type Fetch = (url: string | URL, init: RequestInit) => Promise<Response>

/** A token, or a function that is asked for one before every request. */
export type TokenSource = string | (() => string | Promise<string>)

export type GatewayAccess = {
  /** Address of the gateway, without a slash at its end. */
  readonly base: string
  /** `fetch` with the credential put in. */
  readonly fetch: Fetch
}

// Browsers refuse a `fetch` that is called on anything but the global object.
const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init)

export function createGatewayAccess(options: {
  url: string
  token?: TokenSource | undefined
  fetch?: Fetch | undefined
}): GatewayAccess {
  const { token, fetch = globalFetch } = options
  return {
    base: options.url.replace(/\/+$/, ''),
    fetch: async (url, init) => {
      if (token === undefined) return fetch(url, init)
      const headers = new Headers(init.headers)
      headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await token()}`)
      return fetch(url, { ...init, headers })
    },
  }
}
