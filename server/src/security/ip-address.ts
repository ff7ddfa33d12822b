import { isIPv4, isIPv6 } from 'node:net'

/** Internet addresses as bytes, so that two spellings of one address are one. */

/**
 * The 4 or 16 bytes of an address in network order, or null for text that is none. An IPv4-mapped IPv6 address
 * (`::ffff:127.0.0.1`) gives the 4 bytes it stands for. A zone (`%eth0`) is dropped.
 */
export function addressBytes(text: string): readonly number[] | null {
  if (isIPv4(text)) return text.split('.').map(Number)
  if (!isIPv6(text)) return null
  const [head = '', tail] = text.replace(/%.*$/, '').split('::')
  const left = groupBytes(head)
  const right = tail === undefined ? [] : groupBytes(tail)
  const bytes = [...left, ...new Array<number>(16 - left.length - right.length).fill(0), ...right]
  return isMapped(bytes) ? bytes.slice(12) : bytes
}

/** The same address as text in one spelling; null for text that is no address. */
export function canonicalAddress(text: string): string | null {
  return addressBytes(text)?.join('.') ?? null
}

/** True for 127.0.0.0/8, `::1`, and their IPv4-mapped forms. */
export function isLoopback(text: string): boolean {
  const bytes = addressBytes(text)
  if (bytes === null) return false
  return bytes.length === 4 ? bytes[0] === 127 : bytes.every((byte, index) => byte === (index === 15 ? 1 : 0))
}

function groupBytes(groups: string): number[] {
  if (groups === '') return []
  return groups.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

function isMapped(bytes: readonly number[]): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
}
