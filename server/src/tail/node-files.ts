import { open, stat } from 'node:fs/promises'
import { createFileBell } from './file-bell.ts'
import type { FollowDeps } from './follow-file.ts'

/** File access of this machine for `followFile`. */
export const nodeFiles: FollowDeps = {
  async open(path) {
    const handle = await open(path, 'r')
    const { dev, ino } = await handle.stat()
    return {
      identity: `${dev}:${ino}`,
      read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
      close: () => handle.close(),
    }
  },
  async identify(path) {
    try {
      const { dev, ino } = await stat(path)
      return `${dev}:${ino}`
    } catch {
      return null
    }
  },
  bell: createFileBell,
}
