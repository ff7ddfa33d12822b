import { type PeerKeys, peerKeys, readSocketOwners, type TcpConnection } from './socket-table.ts'

/**
 * Who owns the other end of a loopback TCP connection, by the kernel's word (Linux).
 *
 * On a shared machine loopback belongs to everyone, so the address proves nothing; the uid of the peer's socket does.
 * A table may hold tens of thousands of lines, so one read, indexed once, serves every question that was
 * asked before it began.
 */

export type PeerUidOptions = {
  /** Reads one of the kernel's tables; a rejection means that peers cannot be told here. */
  readonly readTable: (path: '/proc/net/tcp' | '/proc/net/tcp6') => Promise<string>
  /** Byte order of this machine, `os.endianness() === 'LE'`. */
  readonly littleEndian: boolean
}

/** The uid at the other end of a connection, or null when it cannot be told. Never rejects. */
export type PeerUid = (connection: TcpConnection) => Promise<number | null>

/** The kernel may miss a line while sockets come and go during the read, so one miss is looked up again. */
const LOOKUPS = 2

export function createPeerUid({ readTable, littleEndian }: PeerUidOptions): PeerUid {
  const tcp = shareReads(async () => readSocketOwners(await readTable('/proc/net/tcp')))
  const tcp6 = shareReads(async () => readSocketOwners(await readTable('/proc/net/tcp6')))

  async function lookUp(keys: PeerKeys): Promise<number | null> {
    const uid = keys.tcp === null ? undefined : (await tcp()).get(keys.tcp)
    return uid ?? (await tcp6()).get(keys.tcp6) ?? null
  }

  return async (connection) => {
    const keys = peerKeys(connection, littleEndian)
    if (keys === null) return null
    try {
      for (let lookup = 0; lookup < LOOKUPS; lookup += 1) {
        const uid = await lookUp(keys)
        if (uid !== null) return uid
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
