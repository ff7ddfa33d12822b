import { readlinkSync } from 'node:fs'

/**
 * The number by which the kernel's socket table knows an open socket of this process (Linux); null for one that is
 * closed. Node has no public way to a socket's descriptor; should the private one go, nobody is trusted any more.
 */
export function socketInode(socket: object): number | null {
  const fd = descriptor('_handle' in socket ? socket._handle : null)
  if (fd === null) return null
  try {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`)) ?? []
    return inode === undefined ? null : Number(inode)
  } catch {
    return null
  }
}

function descriptor(handle: unknown): number | null {
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return null
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : null
}
