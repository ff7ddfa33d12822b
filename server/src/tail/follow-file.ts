import { createDoorbell } from './doorbell.ts'
import type { FileBell } from './file-bell.ts'
import type { FollowDeps, FollowedFile } from './followed-file.ts'
import { GuardedReader } from './guarded-reader.ts'

/**
 * Follows a growing file as an async iterable of its bytes: replay from an offset, then whatever is appended, until
 * the writer is done and the last byte is read.
 *
 * - The truth is what `read` returns at our own offset; sizes and events are only hints to look.
 * - A file that was rewritten or truncated under us is told (`reset`) instead of mixing old and new.
 * - A file replaced under its name is read to the end of the old one first; a deleted one goes on through the open
 *   handle.
 * - It waits for the bell, or polls: often where the file cannot be watched, rarely where it can.
 */

export type FollowItem =
  /** `bytes` is overwritten once the next item is asked for. */
  | { readonly type: 'bytes'; readonly bytes: Buffer; readonly offset: number }
  /** The file began anew: what follows starts at offset 0. */
  | { readonly type: 'reset'; readonly reason: 'truncated' | 'replaced' }
  /** It could not be read, and is tried again; told once until it can be. */
  | { readonly type: 'trouble'; readonly message: string }
  /** Nothing has its name any more: it was deleted or moved. What is open is read on. */
  | { readonly type: 'deleted' }
  /** After `trouble` or `deleted`: it can be read again, it is there again. */
  | { readonly type: 'recovered' }
  /** The writer is done and the rest of the file cannot be read: the last item. */
  | { readonly type: 'lost'; readonly message: string }

export type FollowOptions = {
  readonly path: string
  /** Byte offset to begin at. */
  readonly offset: number
  /** Aborts the whole thing at once. */
  readonly signal: AbortSignal
  /** Aborted when the writer is done: read to the end, then finish. */
  readonly writerDone: AbortSignal
}

/** From a look that found something to the next one: a writer that flushes each line is read in bulk. */
const MIN_INTERVAL_MS = 2
/** Polling where the system tells of changes, where it does not, and while the file is not there yet. */
const POLL_WATCHED_MS = 500
const POLL_UNWATCHED_MS = 100
const POLL_ABSENT_MS = 20
/**
 * While there is something to read, it is asked this often what the file's name stands for: no file's bell rings when its
 * directory is moved away, or another takes that one's place.
 */
const MAX_UNASKED_MS = 500
/** How often a file that cannot be read is tried again once its writer is done. */
const LAST_TRIES = 10

export async function* followFile(options: FollowOptions, deps: FollowDeps): AsyncGenerator<FollowItem, void, void> {
  const { path, signal, writerDone } = options
  const doorbell = createDoorbell(signal, writerDone)
  const reader = new GuardedReader(options.offset)
  let opened: { readonly file: FollowedFile; readonly bell: FileBell } | null = null
  let doubted = false
  let replaced = false
  let openedAnew = false
  let deleted = false
  let troubled = false
  let lastTries = 0
  let rang = false
  let askedAt = 0

  const open = async () => {
    const file = await deps.open(path)
    return { file, bell: deps.bell(path, doorbell.ring) }
  }
  const letGo = async () => {
    const { file, bell } = opened ?? {}
    opened = null
    replaced = false
    bell?.close()
    await file?.close().catch(() => {})
  }

  try {
    while (!signal.aborted) {
      // Sampled before the read: whatever was written before the writer ended is then seen by it.
      const last = writerDone.aborted
      try {
        opened ??= await open()
        const { file, bell } = opened
        const look = await reader.look(file, rang)
        if (signal.aborted) return
        if (troubled) yield { type: 'recovered' }
        troubled = false
        if (look.type === 'rewritten') {
          await letGo()
          // A network file system may show a stale size or page once; opening anew makes it look again.
          doubted = !doubted
          if (doubted) continue
          reader.restart()
          yield { type: 'reset', reason: look.reason }
          continue
        }
        doubted = false
        if (look.bytes.length > 0) {
          const lookedAt = deps.now()
          yield { type: 'bytes', bytes: look.bytes, offset: look.offset }
          if (look.more) rang = false
          if (last || replaced || lookedAt - askedAt < MAX_UNASKED_MS) {
            if (look.more || last) continue
            // Where the bell rings for what is written, there is nothing to look for before it does.
            if (rang && !replaced) rang = await doorbell.wait(pollMs(bell))
            const rest = lookedAt + MIN_INTERVAL_MS - deps.now()
            if (rest > 0) await doorbell.pause(rest)
            continue
          }
        } else if (replaced) {
          await letGo()
          reader.restart()
          yield { type: 'reset', reason: 'replaced' }
          continue
        }
        askedAt = deps.now()
        const identity = await deps.identify(path)
        if (identity !== null && identity !== file.identity) {
          // Looked at once more, for what was written to it before another file took the name.
          replaced = true
          continue
        }
        if (deleted !== (identity === null)) yield { type: deleted ? 'recovered' : 'deleted' }
        deleted = identity === null
        // There may be more to read.
        if (look.bytes.length > 0) continue
        if (!last) {
          rang = await doorbell.wait(pollMs(bell))
        } else if (openedAnew) {
          return
        } else {
          // What another machine wrote last may only be seen after opening anew.
          openedAnew = true
          await letGo()
        }
      } catch (error) {
        const absent = opened === null && errorCode(error) === 'ENOENT'
        await letGo()
        // Absent and not read so far, it is yet to come, or never was; absent after its end was seen, it is read.
        const missing = absent && reader.offset > 0 && !openedAnew
        if (missing && !deleted) yield { type: 'deleted' }
        deleted ||= missing
        if (!absent && !troubled) yield { type: 'trouble', message: messageOf(error) }
        troubled ||= !absent
        if (last && (absent || ++lastTries > LAST_TRIES)) {
          if (missing || !absent) yield { type: 'lost', message: missing ? 'it was deleted' : messageOf(error) }
          return
        }
        await doorbell.wait(absent ? POLL_ABSENT_MS : POLL_UNWATCHED_MS)
      }
    }
  } finally {
    doorbell.close()
    await letGo()
  }
}

function pollMs({ watching }: FileBell): number {
  return watching ? POLL_WATCHED_MS : POLL_UNWATCHED_MS
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
