import {
  connectionKeys,
  findSocketOwners,
  type PeerKeys,
  type SocketOwner,
  type TcpConnection,
} from './socket-table.ts'

/**
 * Who owns the other end of a loopback TCP connection, by the kernel's word (Linux).
 *
 * On a shared machine loopback belongs to everyone, so the address proves nothing; the uid of the peer's socket does.
 * A table may hold tens of thousands of lines, so one read, gone through once, serves every question that was asked
 * before it began.
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
  const tcp = shareReads(() => readTable('/proc/net/tcp'))
  const tcp6 = shareReads(() => readTable('/proc/net/tcp6'))

  async function lookUp(keys: PeerKeys): Promise<SocketOwner | null> {
    const owner = keys.tcp === null ? undefined : await tcp(keys.tcp)
    return owner ?? (await tcp6(keys.tcp6)) ?? null
  }

  return async (socket) => {
    const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = socket
    const keys = connectionKeys({ localAddress, localPort, remoteAddress, remotePort }, littleEndian)
    const inode = inodeOf(socket)
    if (keys === null || inode === null) return null
    try {
      for (let lookup = 0; lookup < LOOKUPS; lookup += 1) {
        const peer = await lookUp(keys.there)
        // Asked afterwards, of a table that is read afterwards.
        if (peer !== null && (await lookUp(keys.here))?.inode === inode) return peer.uid
      }
    } catch {
      // No such table, or not for us: nothing is proven.
    }
    return null
  }
}

/** What a table says of a socket, by its two ends. */
type LookUp = (ends: string) => Promise<SocketOwner | undefined>

/** Shares reads among callers. A caller never gets one that began before it asked: it may not know the newest socket. */
function shareReads(read: () => Promise<string>): LookUp {
  type Owners = Promise<ReadonlyMap<string, SocketOwner>>
  /** Until the read that has begun is over. It keeps nothing of the table. */
  let reading: Promise<void> | null = null
  /** The read after it, and what is to be looked up there. */
  let following: { readonly wanted: Set<string>; readonly owners: Owners } | null = null

  function start(wanted: ReadonlySet<string>): Owners {
    const owners = read().then((table) => findSocketOwners(table, wanted))
    const done = () => {
      if (reading === over) reading = null
    }
    const over = owners.then(done, done)
    reading = over
    return owners
  }

  function startAfter(current: Promise<void>) {
    const wanted = new Set<string>()
    const owners = current.then(() => {
      following = null
      return start(wanted)
    })
    return { wanted, owners }
  }

  return async (ends) => {
    if (reading === null) return (await start(new Set([ends]))).get(ends)
    following ??= startAfter(reading)
    following.wanted.add(ends)
    return (await following.owners).get(ends)
  }
}
