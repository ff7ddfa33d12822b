import { constants } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import type { RunAction } from '../runs/run-service.ts'
import { errno } from './errno.ts'
import { printableJson } from './printable.ts'

/**
 * Who started, cancelled and deleted what: one JSON object per line, only ever appended to.
 *
 * Every value is data inside JSON, with what terminals act on escaped, so no file name can forge an entry. When the
 * file is full it is renamed to `.1`, `.1` to `.2`, and so on; the oldest goes. Entries are written in order behind
 * the callers' backs: a full disk stops the log, not the runs, and the gap is written down once it can be.
 */

/** A file larger than this is set aside before the next entry. */
export const MAX_AUDIT_FILE_BYTES = 10 * 1024 * 1024

/** Files set aside that are kept. */
export const MAX_OLD_AUDIT_FILES = 9

/** Entries that may wait for the disk; further ones are counted and dropped. */
export const MAX_WAITING_AUDIT_ENTRIES = 10_000

/** Longer texts are cut. */
const MAX_VALUE_LENGTH = 4_096

/**
 * What is recorded. `by` is the caller's name, null when callers are not told apart. Requests that were not let in are
 * not: whoever sends enough of them could push the real entries out.
 */
export type AuditEntry =
  | RunAction
  | { readonly action: 'login' | 'logout'; readonly by: string; readonly address: string | null }

/** The file operations of an audit log. */
export type AuditFiles = {
  /** Appends to a file that only we may read, making it if need be. */
  append(path: string, text: string): Promise<void>
  /** Bytes of a file; 0 if there is none. */
  size(path: string): Promise<number>
  rename(from: string, to: string): Promise<void>
}

export type AuditLogOptions = {
  readonly path: string
  readonly files: AuditFiles
  readonly now: () => number
  /** Told when writing begins to fail (the reason) and when it works again (null). */
  readonly onProblem: (problem: string | null) => void
  readonly maxBytes?: number
}

export interface AuditLog {
  /** Writes an entry down soon, after those before it. */
  record(entry: AuditEntry): void
  /** Resolves when everything recorded so far is written, or given up. */
  flush(): Promise<void>
}

export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { path, files, now, onProblem, maxBytes = MAX_AUDIT_FILE_BYTES } = options
  let waiting: string[] = []
  let dropped = 0
  let isFailing = false
  let writing: Promise<void> | null = null

  const line = (entry: AuditEntry | { readonly action: 'gap'; readonly entries: number }) =>
    `${printableJson({ at: new Date(now()).toISOString(), ...entry }, MAX_VALUE_LENGTH)}\n`

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      const lost = dropped
      waiting = []
      dropped = 0
      try {
        if ((await files.size(path)) >= maxBytes) await rotate()
        await files.append(path, (lost > 0 ? line({ action: 'gap', entries: lost }) : '') + batch.join(''))
        if (isFailing) onProblem(null)
        isFailing = false
      } catch (error) {
        dropped += lost + batch.length
        if (!isFailing) onProblem(`The audit log ${path} cannot be written (${errno(error) ?? String(error)}).`)
        isFailing = true
      }
    }
  }

  async function rotate(): Promise<void> {
    for (let number = MAX_OLD_AUDIT_FILES; number >= 1; number -= 1) {
      await files.rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`).catch((error: unknown) => {
        if (errno(error) !== 'ENOENT') throw error
      })
    }
  }

  return {
    record(entry) {
      if (waiting.length >= MAX_WAITING_AUDIT_ENTRIES) {
        dropped += 1
        return
      }
      waiting.push(line(entry))
      writing ??= write().finally(() => {
        writing = null
      })
    },
    async flush() {
      await writing
    },
  }
}

/** The files of this machine. */
export const auditFiles: AuditFiles = {
  async append(path, text) {
    const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW
    await using handle = await open(path, flags, 0o600)
    await handle.appendFile(text)
  },
  async size(path) {
    return stat(path).then(
      ({ size }) => size,
      (error: unknown) => {
        if (errno(error) === 'ENOENT') return 0
        throw error
      },
    )
  },
  rename: (from, to) => rename(from, to),
}
