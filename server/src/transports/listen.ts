import { createServer, type IncomingMessage, type Server } from 'node:http'
import { HEARTBEAT_MS, ok, type Result, STALLED_VIEWER_MS } from '@tailgate/shared'
import {
  HEADERS_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  MAX_HEADERS,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_MS,
  UNREAD_BODY_MS,
} from '../security/limits.ts'
import { bind, type Place } from './bind.ts'
import { limitConnections } from './connection-limit.ts'
import { createHttpApp } from './http-app.ts'
import { socketOf, useHttpConnections } from './http-connection.ts'
import type { HttpDependencies } from './http-dependencies.ts'
import { Heartbeats } from './sse/heartbeats.ts'

/** Requests that are still being answered when the gateway closes get this long. */
const CLOSE_GRACE_MS = 3_000

/** An idle connection is kept for longer than proxies and browsers usually keep theirs, so that they close first. */
const KEEP_ALIVE_MS = 65_000

export type HttpServer = {
  /** Such as `http://127.0.0.1:4000`, or `unix:/run/tailgate.sock`. */
  readonly url: string
  /** Ends the streams so that their viewers return, lets other answers finish for a moment, then cuts the rest. */
  close(): Promise<void>
}

export type ListenOptions = Omit<
  HttpDependencies,
  'closing' | 'keepConnection' | 'heartbeats' | 'heartbeatMs' | 'stalledViewerMs'
> &
  Partial<Pick<HttpDependencies, 'heartbeatMs' | 'stalledViewerMs'>> & {
    readonly place: Place
    /** Sockets that may be open. */
    readonly maxConnections: number
  }

/** Serves HTTP; the error is for the user and says what to do. */
export async function listen({ place, maxConnections, ...deps }: ListenOptions): Promise<Result<HttpServer, string>> {
  const closing = new AbortController()
  const server = createServer({
    noDelay: true,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  })
  server.maxHeadersCount = MAX_HEADERS
  const cutAll = useHttpConnections(server)
  const { heartbeatMs = HEARTBEAT_MS } = deps
  const app = createHttpApp({
    heartbeatMs,
    heartbeats: new Heartbeats(heartbeatMs),
    stalledViewerMs: STALLED_VIEWER_MS,
    ...deps,
    // It looks for the socket in the kernel's tables.
    guard: ({ method, url, headers, socket }, access) =>
      deps.guard({ method, url, headers, socket: socketOf(socket) }, access),
    keepConnection: limitConnections(server, maxConnections, deps.metrics.connectionClosed),
    closing: closing.signal,
  })
  server.on('request', app)
  server.on('request', (request, response) => {
    response.once('finish', () => closeUnlessRead(request))
    response.once('close', () => {
      // Node lets go of the connections that are idle when it closes, not of those that become so afterwards.
      if (closing.signal.aborted) setImmediate(() => server.closeIdleConnections())
    })
  })
  const bound = await bind(server, place)
  return bound.ok ? ok({ url: bound.value, close: () => close(server, closing, cutAll) }) : bound
}

/**
 * A refusal does not wait for the body. Closing at once could cost the client the answer (its bytes would meet a closed
 * port), so what is left has a moment to come in unread.
 */
function closeUnlessRead(request: IncomingMessage): void {
  if (request.complete) return
  setTimeout(() => request.complete || request.socket.destroy(), UNREAD_BODY_MS).unref()
}

async function close(server: Server, closing: AbortController, cutAll: () => void): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  closing.abort()
  const cutOff = setTimeout(cutAll, CLOSE_GRACE_MS)
  await closed
  clearTimeout(cutOff)
}
