import { createServer, type Server } from 'node:http'
import { isIPv6 } from 'node:net'
import { err, HEARTBEAT_MS, ok, type Result, STALLED_VIEWER_MS } from '@tailgate/shared'
import { createHttpApp } from './http-app.ts'
import type { HttpDependencies } from './http-dependencies.ts'

/** Requests that are still being answered when the gateway closes get this long. */
const CLOSE_GRACE_MS = 3_000

/** An idle connection is kept for longer than proxies and browsers usually keep theirs, so that they close first. */
const KEEP_ALIVE_MS = 65_000

/** `GET /run_file` has the path and the arguments in its address: room for MAX_PATH_LENGTH characters, all escaped. */
const MAX_HEADER_BYTES = 64 * 1024

export type HttpServer = {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string
  readonly port: number
  /** Ends the streams so that their viewers return, lets other answers finish for a moment, then cuts the rest. */
  close(): Promise<void>
}

export type ListenOptions = Omit<HttpDependencies, 'closing' | 'heartbeatMs' | 'stalledViewerMs'> &
  Partial<Pick<HttpDependencies, 'heartbeatMs' | 'stalledViewerMs'>> & {
    readonly host: string
    /** 0 takes a free one. */
    readonly port: number
  }

/** Serves HTTP; the error is for the user and says what to do. */
export async function listen({ host, port, ...deps }: ListenOptions): Promise<Result<HttpServer, string>> {
  const closing = new AbortController()
  const app = createHttpApp({
    heartbeatMs: HEARTBEAT_MS,
    stalledViewerMs: STALLED_VIEWER_MS,
    ...deps,
    closing: closing.signal,
  })
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_HEADER_BYTES }, app)
  server.on('request', (_request, response) => {
    response.once('close', () => {
      // Node lets go of the connections that are idle when it closes, not of those that become so afterwards.
      if (closing.signal.aborted) setImmediate(() => server.closeIdleConnections())
    })
  })
  const bound = await bind(server, host, port)
  if (!bound.ok) return bound
  const url = `http://${isIPv6(host) ? `[${host}]` : host}:${bound.value}`
  return ok({ url, port: bound.value, close: () => close(server, closing) })
}

async function bind(server: Server, host: string, port: number): Promise<Result<number, string>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(err(cannotListen(error, host, port))))
    server.listen(port, host, () => {
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('Internal error: listening on no port')
      resolve(ok(address.port))
    })
  })
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): string {
  const where = `Cannot listen on ${host}, port ${port}: `
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where}another program has it. Stop that program, or choose another port with --port (0 takes a free one).`
    case 'EACCES':
      return `${where}not permitted. Choose a port above 1023 with --port.`
    case 'EADDRNOTAVAIL':
      return `${where}this machine has no such address. Choose another with --host.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${where}the name is not known. Choose an address of this machine with --host.`
    default:
      return `${where}${error.message}. Choose other ones with --host and --port.`
  }
}

async function close(server: Server, closing: AbortController): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  closing.abort()
  const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS)
  await closed
  clearTimeout(cutOff)
}
