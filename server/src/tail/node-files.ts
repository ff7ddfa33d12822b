import { type FileHandle, open, stat } from 'node:fs/promises'
import { createFileBell } from './file-bell.ts'
import type { FollowDeps } from './followed-file.ts'

/** File access of this machine for `followFile`. */
export const nodeFiles: FollowDeps = {
  async open(path) {
    const handle = await open(path, 'r')
    return {
      identity: await identityOf(handle),
      read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
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
