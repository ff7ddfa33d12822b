import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A viewer that has sent its request and reads nothing until it is told to. */
export async function stalledViewer(url: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`)
  return socket
}
