import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'

/**
 * A TCP proxy that spoils streams as networks do, whatever protocol they speak.
 *
 * Connections pass through unharmed until one asks for a run's stream; that one meets the next fault, if there is one.
 */
type Fault =
  /** The connection breaks after so many bytes of the response. */
  | { readonly type: 'cut'; readonly afterBytes: number }
  /** The connection stays open, but nothing comes any more after so many bytes of the response. */
  | { readonly type: 'stall'; readonly afterBytes: number }
  /** The request is answered with this instead. */
  | { readonly type: 'answer'; readonly response: string }

export type FaultyProxy = {
  readonly url: string
  /** Faults that streams to come will meet, one each. */
  readonly faults: Fault[]
  /** The request lines of the streams that were asked for. */
  readonly requests: readonly string[]
  /** How many streams are open now. */
  readonly open: number
  /** How many pieces of streams have come from the gateway. */
  readonly chunks: number
  /** Resolves once `condition` holds; looked at whenever one of these numbers changes. */
  until(condition: () => boolean): Promise<void>
  close(): Promise<void>
}

const STREAM_REQUEST = /^GET \S*(?:\/stream\?|runs\.follow)\S*/

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const faults: Fault[] = []
  const requests: string[] = []
  const streams = new Set<Socket>()
  const sockets = new Set<Socket>()
  const changes = new EventEmitter()
  let chunks = 0
  const { port: targetPort } = new URL(target)

  const server = createServer((client) => {
    const upstream = dial(Number(targetPort), '127.0.0.1')
    let fault: Fault | undefined
    let bytes = 0
    for (const [socket, other] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('drain', () => other.resume())
      socket.on('end', () => other.end())
      socket.on('close', () => {
        other.destroy()
        sockets.delete(socket)
        if (streams.delete(socket)) changes.emit('change')
      })
    }
    client.on('data', (chunk) => {
      const request = STREAM_REQUEST.exec(chunk.toString('latin1'))?.[0]
      if (request !== undefined) {
        requests.push(request)
        streams.add(client)
        bytes = 0
        fault = faults.shift()
        changes.emit('change')
        if (fault?.type === 'answer') {
          client.end(fault.response)
          return
        }
      }
      if (!upstream.write(chunk)) client.pause()
    })
    upstream.on('data', (chunk) => {
      const room = fault === undefined || fault.type === 'answer' ? chunk.length : fault.afterBytes - bytes
      bytes += chunk.length
      if (streams.has(client)) chunks += 1
      changes.emit('change')
      const rest = chunk.subarray(0, Math.max(0, room))
      if (rest.length > 0 && !client.write(rest)) upstream.pause()
      if (fault?.type === 'cut' && bytes >= fault.afterBytes) client.end(() => client.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is an object
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    requests,
    get open() {
      return streams.size
    },
    get chunks() {
      return chunks
    },
    until: async (condition) => {
      while (!condition()) await once(changes, 'change')
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** A whole HTTP response, as bytes on the wire. */
export function httpResponse(status: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = { 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}
