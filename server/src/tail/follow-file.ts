import type { FileBell } from './file-bell.ts'

/**
 * Follows a growing file as an async iterable of its bytes: replay from an offset, then whatever is appended, until
 * the writer is done and the last byte is read.
 *
 * - The truth is what `read` returns at our own offset; sizes and events are only hints to look.
 * - Each read also covers the last GUARD_BYTES before the offset. If they are not what they were, or not there, the
 *   file was rewritten or truncated under us, and that is told (`reset`) instead of mixing old and new.
 * - A file replaced under its name is read to the end of the old one first; a deleted one goes on through the open
 *   handle.
 * - It waits for the bell, or polls: often where the file cannot be watched, rarely where it can.
 */

/** The file access this needs; `open` fails with a Node error that has a `code`. */
export type FollowedFile = {
  read(buffer: Buffer, position: number): Promise<number>
  /** Changes when another file takes the name. */
  readonly identity: string
  close(): Promise<void>
}

export type FollowDeps = {
  open(path: string): Promise<FollowedFile>
  /** Identity of what the path names now; null when nothing is there. */
  identify(path: string): Promise<string | null>
  bell(path: string, ring: () => void): FileBell
}

export type FollowItem =
  | { readonly type: 'bytes'; readonly bytes: Buffer; readonly offset: number }
  | { readonly type: 'reset'; readonly reason: 'truncated' | 'replaced' }
  | { readonly type: 'trouble'; readonly message: string }

export type FollowOptions = {
  readonly path: string
  /** Byte offset to begin at. */
  readonly offset: number
  /** Aborts the whole thing at once. */
  readonly signal: AbortSignal
  /** Aborted when the writer is done: read to the end, then finish. */
  readonly writerDone: AbortSignal
}

/** Bytes asked of the file at once. */
export const READ_BYTES = 64 * 1024
/** Bytes before the offset that each read checks again. */
const GUARD_BYTES = 64
/** After a look that found something, the next one waits this long: a writer that flushes each line is read in bulk. */
const MIN_INTERVAL_MS = 2
/** Polling where the system tells of changes, where it does not, and while the file is not there yet. */
const POLL_WATCHED_MS = 500
const POLL_UNWATCHED_MS = 100
const POLL_ABSENT_MS = 20

export async function* followFile(options: FollowOptions, deps: FollowDeps): AsyncGenerator<FollowItem, void, void> {
  const { path, signal, writerDone } = options
  const doorbell = createDoorbell(signal, writerDone)
  const buffer = Buffer.allocUnsafe(GUARD_BYTES + READ_BYTES)
  let file: FollowedFile | null = null
  let bell: FileBell | null = null
  let offset = options.offset
  let guard = Buffer.alloc(0)
  let troubled = false
  let suspected = false
  try {
    while (!signal.aborted) {
      // Sampled before the read: whatever was written before the writer ended is then seen by it.
      const last = writerDone.aborted
      try {
        if (file === null) {
          file = await deps.open(path)
          bell = deps.bell(path, doorbell.ring)
          if (guard.length === 0 && offset > 0) guard = await readGuard(file, offset)
        }
        const count = await file.read(buffer, offset - guard.length)
        troubled = false
        const intact = count >= guard.length && buffer.compare(guard, 0, guard.length, 0, guard.length) === 0
        const bytes = intact ? buffer.subarray(guard.length, count) : buffer.subarray(0, 0)
        if (bytes.length > 0) {
          const at = offset
          offset += bytes.length
          guard = Buffer.from(buffer.subarray(Math.max(0, count - GUARD_BYTES), count))
          yield { type: 'bytes', bytes, offset: at }
          if (count === buffer.length) continue
          if (!last) await doorbell.pause(MIN_INTERVAL_MS)
          if (!last) continue
        }
        if (!intact && !suspected) {
          // A network file system may show a stale size or page once; opening anew makes it look again.
          suspected = true
          bell?.close()
          await file.close()
          file = null
          continue
        }
        suspected = false
        const identity = intact ? await deps.identify(path) : null
        if (!intact || (identity !== null && identity !== file.identity)) {
          yield { type: 'reset', reason: intact || count >= guard.length ? 'replaced' : 'truncated' }
          bell?.close()
          await file.close()
          file = null
          offset = 0
          guard = Buffer.alloc(0)
          continue
        }
        if (last) {
          if (bytes.length === 0) return
          continue
        }
        await doorbell.wait(bell?.watching ? POLL_WATCHED_MS : POLL_UNWATCHED_MS)
      } catch (error) {
        const absent = file === null && errorCode(error) === 'ENOENT'
        if (!absent && !troubled) {
          troubled = true
          yield { type: 'trouble', message: error instanceof Error ? error.message : String(error) }
        }
        bell?.close()
        await file?.close().catch(() => {})
        file = null
        if (last) return
        await doorbell.wait(absent ? POLL_ABSENT_MS : POLL_UNWATCHED_MS)
      }
    }
  } finally {
    doorbell.close()
    bell?.close()
    await file?.close().catch(() => {})
  }
}

async function readGuard(file: FollowedFile, offset: number): Promise<Buffer<ArrayBuffer>> {
  const guard = Buffer.alloc(Math.min(GUARD_BYTES, offset))
  const count = await file.read(guard, offset - guard.length)
  return guard.subarray(0, count)
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** A wait that a ring, the writer's end or an abort cuts short; a ring while nobody waits is remembered. */
function createDoorbell(signal: AbortSignal, writerDone: AbortSignal) {
  let rung = false
  let wake: (() => void) | null = null
  const ring = () => {
    rung = true
    wake?.()
  }
  signal.addEventListener('abort', ring)
  writerDone.addEventListener('abort', ring)
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  return {
    ring,
    async wait(ms: number): Promise<void> {
      if (!rung) await sleep(ms)
      wake = null
      rung = false
    },
    /** A short rest that keeps rings for the next wait. */
    pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    close(): void {
      signal.removeEventListener('abort', ring)
      writerDone.removeEventListener('abort', ring)
    },
  }
}
