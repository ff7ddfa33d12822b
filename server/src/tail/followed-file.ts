import type { FileBell } from './file-bell.ts'

/** A file open for following. `FollowDeps.open` fails with a Node error that has a `code`. */
export type FollowedFile = {
  /** Gives the number of bytes read, 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>
  /** The same at once, for what was written just now; null where that could wait for a disk, a network or a writer. */
  readonly readNow: ((buffer: Buffer, position: number) => number) | null
  /** Changes when another file takes the name. */
  readonly identity: string
  close(): Promise<void>
}

export type FollowDeps = {
  open(path: string): Promise<FollowedFile>
  /** Identity of what the path names now; null when nothing is there. */
  identify(path: string): Promise<string | null>
  bell(path: string, ring: () => void): FileBell
  /** Monotonic milliseconds. */
  now(): number
}
