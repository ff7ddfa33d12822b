import { chmod, lstat, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect, isIPv6, type ListenOptions } from 'node:net'
import { err, ok, type Result } from '@tailgate/shared'
import { CONNECTION_BACKLOG } from '../security/limits.ts'

/** Where a server listens, and what to tell the user when it cannot. */

export type Place =
  | {
      readonly type: 'address'
      readonly host: string
      /** 0 takes a free one. */
      readonly port: number
    }
  | { readonly type: 'socket'; readonly path: string }

/** The user and the group of the gateway may connect: a proxy of that group is meant. Who they are, tokens tell. */
const SOCKET_MODE = 0o660

/** Starts to listen; gives the URL, or an error for the user that says what to do. */
export async function bind(server: Server, place: Place): Promise<Result<string, string>> {
  if (place.type === 'socket') return bindSocket(server, place.path)
  const { host, port } = place
  const error = await tryListen(server, { host, port })
  if (error !== null) return err(cannotListen(error, host, port))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('Internal error: listening on no port')
  return ok(`http://${isIPv6(host) ? `[${host}]` : host}:${address.port}`)
}

async function bindSocket(server: Server, path: string): Promise<Result<string, string>> {
  let error = await tryListen(server, { path })
  if (error?.code === 'EADDRINUSE' && (await isAbandoned(path))) {
    await unlink(path).catch(() => undefined)
    error = await tryListen(server, { path })
  }
  if (error !== null) return err(cannotListenOnSocket(error, path))
  await chmod(path, SOCKET_MODE)
  return ok(`unix:${path}`)
}

function tryListen(server: Server, where: ListenOptions): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => resolve(error)
    server.once('error', failed)
    server.listen({ ...where, backlog: CONNECTION_BACKLOG }, () => {
      server.off('error', failed)
      resolve(null)
    })
  })
}

/** True for a socket that a dead process left behind. A file of another kind refuses connections too, and is not ours. */
async function isAbandoned(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  if (found?.isSocket() !== true) return false
  return await new Promise((resolve) => {
    const probe = connect({ path }, () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'))
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

function cannotListenOnSocket(error: NodeJS.ErrnoException, path: string): string {
  const where = `Cannot listen on the socket ${path}: `
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where}something is there already. Stop the program that listens there, or choose another path with --socket.`
    // Node reports a missing directory as EACCES.
    case 'EACCES':
    case 'EPERM':
      return `${where}its directory does not exist or is not yours to write to. Choose another path with --socket.`
    case 'EINVAL':
      return `${where}the path is too long. Choose one below 108 bytes with --socket.`
    default:
      return `${where}${error.message}. Choose another path with --socket.`
  }
}
