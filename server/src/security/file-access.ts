import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { access, type FileHandle, lstat, open, opendir, readlink, realpath } from 'node:fs/promises'

/**
 * The file system as the path policy sees it. Kept narrow so that tests can change files between two calls,
 * as an attacker would.
 */

export type FileStatus = Pick<
  BigIntStats,
  'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'dev' | 'ino'
>

export type FileAccess = {
  /** The path with every symlink and `..` resolved by the system. */
  realpath(path: string): Promise<string>
  /** What is at the path itself; a symlink is not followed. */
  lstat(path: string): Promise<FileStatus>
  /** Opens for reading; fails on a symlink, never waits for a FIFO's writer, never takes a terminal. */
  openFile(path: string): Promise<FileHandle>
  /** Where the kernel says an open file lies; null where the system does not tell. */
  openedPath(handle: FileHandle): Promise<string | null>
  /** The first names in a directory, and where the kernel says it lies (null where it does not tell). */
  readDirectory(path: string, maxNames: number): Promise<{ openedPath: string | null; names: string[] }>
  /** Rejects unless the directory may be entered. */
  checkSearchable(path: string): Promise<void>
}

const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY

/** The file system of this machine. */
export const systemFiles: FileAccess = {
  realpath: (path) => realpath(path),
  lstat: (path) => lstat(path, { bigint: true }),
  openFile: (path) => open(path, OPEN_FLAGS),
  openedPath: (handle) => readlink(`/proc/self/fd/${handle.fd}`).catch(() => null),
  readDirectory,
  checkSearchable: (path) => access(path, constants.X_OK),
}

const DIRECTORY_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_DIRECTORY

/** Reads through the open directory, so that the names are those of the directory whose path is told. */
async function readDirectory(path: string, maxNames: number): Promise<{ openedPath: string | null; names: string[] }> {
  await using handle = await open(path, DIRECTORY_FLAGS)
  const throughHandle = `/proc/self/fd/${handle.fd}`
  const openedPath = await readlink(throughHandle).catch(() => null)
  const names: string[] = []
  for await (const { name } of await opendir(openedPath === null ? path : throughHandle)) {
    names.push(name)
    if (names.length === maxNames) break
  }
  return { openedPath, names }
}
