import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy in front of a gateway that can cut every connection, as a bad network does. */
export type CuttingProxy = {
  /** The gateway's address through the proxy. */
  readonly url: string
  /** Connections accepted so far. */
  readonly accepted: () => number
  /** Cuts what is open now; gives how many connections that were. */
  cut(): number
  [Symbol.asyncDispose](): Promise<void>
}

export async function startCuttingProxy(gatewayUrl: string): Promise<CuttingProxy> {
  const { port, hostname } = new URL(gatewayUrl)
  const open = new Set<Socket>()
  let accepted = 0
  const server = createServer((viewer) => {
    accepted += 1
    const gateway = connect(Number(port), hostname)
    for (const [socket, other] of [
      [viewer, gateway],
      [gateway, viewer],
    ] as const) {
      open.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => {
        open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const cut = () => {
    const count = open.size / 2
    for (const socket of open) socket.resetAndDestroy()
    return count
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    accepted: () => accepted,
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
