import { type PeerKeys, peerKeys, readSocketOwners, type SocketOwner, type TcpConnection } from './socket-table.ts'

/**
 * Who owns the other end of a loopback TCP connection, by the kernel's word (Linux).
 *
 * On a shared machine loopback belongs to everyone, so the address proves nothing; the uid of the peer's socket does.
 * A table may hold tens of thousands of lines, so one read, indexed once, serves every question that was
 * asked before it began.
 *
 * A peer can reset its connection once its request is sent, and its port can then be another user's, on a connection
 * with the same two ends. So a uid counts only if, after it was found, our own socket is still connected: as long as
 * it is, no other connection can have these ends.
 */

export type PeerUidOptions = {
  /** Reads one of the kernel's tables; a rejection means that peers cannot be told here. */
  readonly readTable: (path: '/proc/net/tcp' | '/proc/net/tcp6') => Promise<string>
  /** Byte order of this machine, `os.endianness() === 'LE'`. */
  readonly littleEndian: boolean
  /** The number by which the tables know our own socket; null once it is closed. */
  readonly inodeOf: (socket: ConnectedSocket) => number | null
}

/** What is asked of a socket of ours; undefined once it is closed. */
export type ConnectedSocket = { readonly [End in keyof TcpConnection]?: TcpConnection[End] | undefined }

/** The uid at the other end of a connection, or null when it cannot be told. Never rejects. */
export type PeerUid = (socket: ConnectedSocket) => Promise<number | null>

/** The kernel may miss a line while sockets come and go during the read, so one miss is looked up again. */
const LOOKUPS = 2

export function createPeerUid({ readTable, littleEndian, inodeOf }: PeerUidOptions): PeerUid {
  const tcp = shareReads(async () => readSocketOwners(await readTable('/proc/net/tcp')))
  const tcp6 = shareReads(async () => readSocketOwners(await readTable('/proc/net/tcp6')))

  async function lookUp(keys: PeerKeys): Promise<SocketOwner | null> {
    const owner = keys.tcp === null ? undefined : (await tcp()).get(keys.tcp)
    return owner ?? (await tcp6()).get(keys.tcp6) ?? null
  }

  return async (socket) => {
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket
    const there = peerKeys({ localAddress, localPort, remoteAddress, remotePort }, littleEndian)
    const here = peerKeys(
      { localAddress: remoteAddress, localPort: remotePort, remoteAddress: localAddress, remotePort: localPort },
      littleEndian,
    )
    const inode = inodeOf(socket)
    if (there === null || here === null || inode === null) return null
    try {
      for (let lookup = 0; lookup < LOOKUPS; lookup += 1) {
        const peer = await lookUp(there)
        // Asked afterwards, of a table that is read afterwards.
        if (peer !== null && (await lookUp(here))?.inode === inode) return peer.uid
      }
    } catch {
      // No such table, or not for us: nothing is proven.
    }
    return null
  }
}

/** Shares reads among callers. A caller never gets one that began before it asked: it may not know the newest socket. */
function shareReads<T>(read: () => Promise<T>): () => Promise<T> {
  let current: Promise<T> | null = null
  let following: Promise<T> | null = null

  function start(): Promise<T> {
    const reading = read().finally(() => {
      if (current === reading) current = null
    })
    current = reading
    return reading
  }

  return () => {
    if (current === null) return start()
    const next = () => {
      following = null
      return start()
    }
    following ??= current.then(next, next)
    return following
  }
}
