import { addressBytes } from './ip-address.ts'

/**
 * The kernel's table of TCP sockets: `/proc/net/tcp` and `/proc/net/tcp6`, one line per socket.
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *      0: 0100007F:1F90 0100007F:D3A2 01 00000000:00000000 00:00000000 00000000  1000        0 31337 1 …
 *
 * Ports are hexadecimal numbers; an address is printed as 32-bit words, each in the machine's byte order.
 */

/** One TCP connection as this process sees it. */
export type TcpConnection = {
  readonly localAddress: string
  readonly localPort: number
  readonly remoteAddress: string
  readonly remotePort: number
}

/** How the tables name the other end's own socket. Null where a table cannot hold the connection. */
export type PeerKeys = { readonly tcp: string | null; readonly tcp6: string }

/**
 * The uid that the kernel shows for sockets of users it has no number for here (`/proc/sys/kernel/overflowuid`):
 * it stands for many, so it is nobody's proof.
 */
const OVERFLOW_UID = 65_534

/** The keys of a connection's two ends, the other one's first; null when its addresses are none. */
export function connectionKeys(
  connection: TcpConnection,
  littleEndian: boolean,
): { readonly there: PeerKeys; readonly here: PeerKeys } | null {
  const local = addressBytes(connection.localAddress)
  const remote = addressBytes(connection.remoteAddress)
  if (local === null || remote === null || local.length !== remote.length) return null
  const ends = (prefix: readonly number[]) => {
    const end = (address: readonly number[], port: number) =>
      `${hexWords([...prefix, ...address], littleEndian)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
    const here = end(local, connection.localPort)
    const there = end(remote, connection.remotePort)
    return { there: `${there} ${here}`, here: `${here} ${there}` }
  }
  // An IPv6 socket may speak IPv4 with mapped addresses, and is then in the other table.
  const tcp = local.length === 4 ? ends([]) : null
  const tcp6 = ends(local.length === 4 ? MAPPED : [])
  return {
    there: { tcp: tcp?.there ?? null, tcp6: tcp6.there },
    here: { tcp: tcp?.here ?? null, tcp6: tcp6.here },
  }
}

/** What an IPv6 address that stands for an IPv4 address begins with (RFC 4291, 2.5.5.2). */
const MAPPED: readonly number[] = [...new Array<number>(10).fill(0), 0xff, 0xff]

/** A socket as a table shows it. */
export type SocketOwner = { readonly uid: number; readonly inode: number }

/** What comes between a line's number and its sockets, and nowhere else. */
const BEFORE_ENDS = ': '

/**
 * What follows the ends of a connected socket that a process holds. One that its process has closed has inode 0, and
 * some kernels then show uid 0. One that is still connecting (02) has no other end yet, whoever has that end's address.
 */
const HELD_SOCKET = / (?!0[23])[0-9A-F]{2} \S+ \S+ \S+ +(\d+) +\d+ ([1-9]\d*) /y

/**
 * Looks up sockets in a table, by their two ends. Nothing is made of the lines of others: with thousands of connections
 * the table is read again and again as they come.
 */
export function findSocketOwners(table: string, wanted: ReadonlySet<string>): ReadonlyMap<string, SocketOwner> {
  const owners = new Map<string, SocketOwner>()
  for (let at = table.indexOf(BEFORE_ENDS); at !== -1; at = table.indexOf(BEFORE_ENDS, at + 1)) {
    const start = at + BEFORE_ENDS.length
    const end = table.indexOf(' ', table.indexOf(' ', start) + 1)
    const ends = table.slice(start, end)
    if (!wanted.has(ends)) continue
    HELD_SOCKET.lastIndex = end
    const [, uid = '', inode = ''] = HELD_SOCKET.exec(table) ?? []
    if (inode !== '' && Number(uid) !== OVERFLOW_UID) owners.set(ends, { uid: Number(uid), inode: Number(inode) })
  }
  return owners
}

function hexWords(bytes: readonly number[], littleEndian: boolean): string {
  const words = Buffer.from(bytes)
  return (littleEndian ? words.swap32() : words).toString('hex').toUpperCase()
}
