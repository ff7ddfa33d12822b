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

/** The keys of a connection's other end; null when its addresses are none. */
export function peerKeys(connection: TcpConnection, littleEndian: boolean): PeerKeys | null {
  const local = addressBytes(connection.localAddress)
  const remote = addressBytes(connection.remoteAddress)
  if (local === null || remote === null || local.length !== remote.length) return null
  const key = (toTable: (bytes: readonly number[]) => readonly number[]) => {
    const end = (bytes: readonly number[], port: number) =>
      `${hexWords(toTable(bytes), littleEndian)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
    return `${end(remote, connection.remotePort)} ${end(local, connection.localPort)}`
  }
  // An IPv6 socket may speak IPv4 with mapped addresses, and is then in the other table.
  return local.length === 4
    ? { tcp: key((bytes) => bytes), tcp6: key((bytes) => [...new Array<number>(10).fill(0), 0xff, 0xff, ...bytes]) }
    : { tcp: null, tcp6: key((bytes) => bytes) }
}

/** A socket as a table shows it. */
export type SocketOwner = { readonly uid: number; readonly inode: number }

/**
 * A connected socket that a process holds. One that its process has closed has inode 0, and some kernels then show
 * uid 0. One that is still connecting (02) has no other end yet, whoever has that end's address.
 */
const HELD_SOCKET = /^ *\d+: ([0-9A-F:]+ [0-9A-F:]+) (?!0[23])[0-9A-F]{2} \S+ \S+ \S+ +(\d+) +\d+ ([1-9]\d*) /gm

/** The owner of each socket in a table, by its two ends. */
export function readSocketOwners(table: string): ReadonlyMap<string, SocketOwner> {
  const owners = new Map<string, SocketOwner>()
  for (const [, ends = '', uid = '', inode = ''] of table.matchAll(HELD_SOCKET)) {
    if (Number(uid) !== OVERFLOW_UID) owners.set(ends, { uid: Number(uid), inode: Number(inode) })
  }
  return owners
}

function hexWords(bytes: readonly number[], littleEndian: boolean): string {
  let words = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4)
    words += (littleEndian ? word.reverse() : word).map((byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  return words.toUpperCase()
}
