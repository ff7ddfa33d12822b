import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import type { PathKind } from './machine.ts'

/** What lies at a path for the user we run as, links followed. What cannot be looked at counts as missing. */
export async function inspectPath(file: string): Promise<PathKind> {
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) return 'directory'
    if (!stats.isFile()) return 'not-executable'
  } catch {
    return 'missing'
  }
  try {
    await access(file, constants.X_OK)
    return 'executable'
  } catch {
    return 'not-executable'
  }
}

/** Names of a directory's entries, in order; none when it cannot be read. */
export async function listDirectory(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).sort()
  } catch {
    return []
  }
}
