import { expect, test } from 'vitest'
import { connectionKeys, findSocketOwners, type TcpConnection } from './socket-table.ts'

const HEADER =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                    \n'

function line(local: string, remote: string, { state = '01', uid = 1000, inode = 31337 } = {}): string {
  const owner = `${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 20 4 30 10 -1`
  return `   7: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 ${owner}\n`
}

const connection = { localAddress: '127.0.0.1', localPort: 8080, remoteAddress: '127.0.0.1', remotePort: 54178 }
const keysOf = (own: TcpConnection, littleEndian = true) => connectionKeys(own, littleEndian)?.there
const key = keysOf(connection)?.tcp ?? ''
const ownerIn = (table: string) => findSocketOwners(table, new Set([key])).get(key)?.uid ?? null
const OURS = '0100007F:1F90'
const THEIRS = '0100007F:D3A2'

test('keys name the ends as the kernel prints them', () => {
  expect(keysOf(connection)).toEqual({
    tcp: `${THEIRS} ${OURS}`,
    tcp6: '0000000000000000FFFF00000100007F:D3A2 0000000000000000FFFF00000100007F:1F90',
  })
  expect(keysOf(connection, false)).toEqual({
    tcp: '7F000001:D3A2 7F000001:1F90',
    tcp6: '00000000000000000000FFFF7F000001:D3A2 00000000000000000000FFFF7F000001:1F90',
  })
  expect(keysOf({ ...connection, localAddress: '::1', remoteAddress: '2001:db8::a' })).toEqual({
    tcp: null,
    tcp6: 'B80D012000000000000000000A000000:D3A2 00000000000000000000000001000000:1F90',
  })
})

test('our own socket has the same ends the other way around', () => {
  const swap = ({ localAddress, localPort, remoteAddress, remotePort }: TcpConnection) => ({
    localAddress: remoteAddress,
    localPort: remotePort,
    remoteAddress: localAddress,
    remotePort: localPort,
  })
  for (const one of [connection, { ...connection, localAddress: '::1', remoteAddress: '2001:db8::a' }]) {
    expect(connectionKeys(one, true)?.here).toEqual(keysOf(swap(one)))
  }
})

test('a mapped address has the keys of the address it stands for', () => {
  const mapped = { ...connection, localAddress: '::ffff:127.0.0.1', remoteAddress: '::ffff:127.0.0.1' }
  expect(keysOf(mapped)).toEqual(keysOf(connection))
})

test.each(['', 'localhost', '::1'])('%j as the other address of an IPv4 connection has no key', (remoteAddress) => {
  expect(connectionKeys({ ...connection, remoteAddress }, true)).toBeNull()
})

test("the peer's own line counts, not ours of the same connection, nor another port's", () => {
  const table =
    HEADER +
    line(OURS, THEIRS, { uid: 0 }) +
    line('0100007F:D3A3', OURS, { uid: 1 }) +
    line(THEIRS, '0100007F:1F91', { uid: 2 }) +
    line(THEIRS, OURS, { uid: 4242 })
  expect(ownerIn(table)).toBe(4242)
})

test('a table that ends within the line proves nothing', () => {
  const whole = HEADER + line(THEIRS, OURS)
  expect(ownerIn(whole.trimEnd())).toBe(1000)
  for (let length = 0; length < whole.indexOf(' 31337'); length += 1) {
    expect(ownerIn(whole.slice(0, length))).toBeNull()
  }
})

test('a socket that was closed by its process is not taken for one of root', () => {
  const closed = line(THEIRS, OURS, { state: '05', uid: 0, inode: 0 })
  expect(ownerIn(HEADER + closed)).toBeNull()
  expect(ownerIn(HEADER + closed + line(THEIRS, OURS))).toBe(1000)
})

test('a socket that is still connecting is nobody at the other end', () => {
  expect(ownerIn(HEADER + line(THEIRS, OURS, { state: '02' }))).toBeNull()
})

test('a user from another user namespace is nobody', () => {
  expect(ownerIn(HEADER + line(THEIRS, OURS, { uid: 65_534 }))).toBeNull()
})

test.each(['', 'garbage', `${HEADER}\n\n`, `${key}\n`, `${key}01 - - - x y z\n`])('%j proves nothing', (table) => {
  expect(ownerIn(table)).toBeNull()
})
