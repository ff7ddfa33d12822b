import { TailgateError } from '@tailgate/shared'

/**
 * Where the gateway is and how to prove who one is: the base URL, the token and the `fetch` to use, for both transports.
 */

/** The part of the global `fetch` that the client uses. */
export type Fetch = (url: string | URL, init: RequestInit) => Promise<Response>

/**
 * A token, or a function that is asked for one before every request. Where it fails, calls and streams do with
 * `unauthorized`, or with the `TailgateError` that it throws.
 */
export type TokenSource = string | (() => string | Promise<string>)

export type GatewayAccess = {
  /** Address of the gateway, without a slash at its end. */
  readonly base: string
  /** `fetch` with the credential put in. */
  readonly fetch: Fetch
}

// Browsers refuse a `fetch` that is called on anything but the global object.
const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init)

/** Throws a `bad-request` for what is no address of a gateway. */
export function createGatewayAccess(options: {
  url: string
  token?: TokenSource | undefined
  fetch?: Fetch | undefined
}): GatewayAccess {
  const { url: address, token, fetch = globalFetch } = options
  // Checked here, since a stream takes an address that leads nowhere for a gateway that is down, and tries it for ever.
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    const given = JSON.stringify(address)
    const message = `${given} is not the URL of a gateway: give it in full, such as "http://127.0.0.1:4000".`
    throw new TailgateError('bad-request', message)
  }
  return {
    base: address.replace(/\/+$/, ''),
    fetch: async (url, init) => {
      if (token === undefined) return fetch(url, init)
      const headers = new Headers(init.headers)
      headers.set('Authorization', `Bearer ${typeof token === 'string' ? token : await askFor(token, init.signal)}`)
      return fetch(url, { ...init, headers })
    },
  }
}

/** The token, unless the signal is aborted first: nobody knows how long the function takes. */
async function askFor(token: () => string | Promise<string>, signal: AbortSignal | null | undefined): Promise<string> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted === true) onAbort()
  try {
    return await Promise.race([aborted.promise, token()])
  } catch (cause) {
    if (signal?.aborted === true || cause instanceof TailgateError) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new TailgateError('unauthorized', `The function that should give the token failed: ${why}`, { cause })
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
