import { Tail } from 'tail'

/**
 * Rings when a file may have changed. Made of npm `tail`, of which it uses the watching (inotify and its kin, going
 * along with a file that is renamed or deleted) and not the reading: as shipped, `tail` splits characters, drops last
 * lines, sticks after one read error and loses data on truncation, so the bytes are read by `follow-file.ts` at its
 * own offset.
 *
 * A bell may ring for nothing and, where the system sees no changes (network file systems, exhausted watches), not
 * ring at all; its owner polls besides. Losing one loses nothing.
 */
export interface FileBell {
  /** False when the system refused to watch: only polling will tell. */
  readonly watching: boolean
  close(): void
}

/** `tail` calls `change` or `rename` for each event of the watch; reading and watching anew is what it would do there. */
class WatchingTail extends Tail {
  // Not a field: the base class's constructor watches already.
  declare ring: () => void
  // Overrides in all but the type declarations.
  change(): void {
    this.ring?.()
  }
  rename(): void {
    this.ring?.()
  }
}

/** Watches an existing file. Never throws: a file that cannot be watched gives a bell that does not watch. */
export function createFileBell(path: string, ring: () => void): FileBell {
  let failed = false
  const fail = () => {
    failed = true
    ring()
  }
  try {
    const tail = new WatchingTail(path, { separator: null, follow: false })
    tail.ring = ring
    tail.on('error', fail)
    // `tail` leaves the watcher's own errors unhandled, which would end the process.
    const { watcher } = tail as unknown as { watcher?: { on(type: 'error', listener: () => void): void } }
    watcher?.on('error', fail)
    failed ||= watcher === undefined
    return {
      get watching() {
        return !failed
      },
      close: () => tail.unwatch(),
    }
  } catch {
    // No such file, or fs.watch threw (ENOSPC, EMFILE): `tail` emits that as an error before anyone can listen.
    return { watching: false, close: () => {} }
  }
}
