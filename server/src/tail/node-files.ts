import { constants, readSync } from 'node:fs'
import { type FileHandle, open, stat, statfs } from 'node:fs/promises'
import { createFileBell } from './file-bell.ts'
import type { FollowDeps } from './followed-file.ts'

/** File access of this machine for `followFile`. */
export const nodeFiles: FollowDeps = {
  async open(path) {
    const { handle, leavesNoTrace } = await openWithoutTrace(path)
    return {
      identity: await identityOf(handle),
      read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
      readNow:
        leavesNoTrace && (await isInMemory(path))
          ? (buffer, position) => readSync(handle.fd, buffer, 0, buffer.length, position)
          : null,
      close: () => handle.close(),
    }
  },
  async identify(path) {
    try {
      return identityText(await stat(path, { bigint: true }))
    } catch {
      return null
    }
  },
  bell: createFileBell,
  now: () => performance.now(),
}

async function identityOf(handle: FileHandle): Promise<string> {
  try {
    return identityText(await handle.stat({ bigint: true }))
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Inode numbers of cluster file systems do not fit a double. */
function identityText({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`
}

/**
 * File systems on which reading what was just written only copies memory, by `f_type` of statfs(2): ext2 to ext4, tmpfs.
 * XFS and ZFS are not: they have a reader wait for a writer, who may wait for a full disk. Nor is what lies upon
 * another file system, or on another machine.
 */
const MEMORY_FIRST = new Set([0xef53, 0x01021994])

async function isInMemory(path: string): Promise<boolean> {
  try {
    return MEMORY_FIRST.has((await statfs(path)).type)
  } catch {
    return false
  }
}

/** Without noting when it was read: that note can wait for the disk. Only a file's owner may leave it out. */
async function openWithoutTrace(path: string): Promise<{ handle: FileHandle; leavesNoTrace: boolean }> {
  const { O_RDONLY, O_NOATIME } = constants
  if (O_NOATIME !== undefined) {
    try {
      return { handle: await open(path, O_RDONLY | O_NOATIME), leavesNoTrace: true }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error
    }
  }
  return { handle: await open(path, O_RDONLY), leavesNoTrace: false }
}
