import type { MarkKind } from '@tailgate/client'

/** What a reader can do in the log, by button or key. */
export type LogCommands = {
  readonly openFind: () => void
  readonly nextMatch: (by: 1 | -1) => void
  readonly openGoTo: () => void
  readonly goTo: (line: number) => void
  readonly toStart: () => void
  readonly toEnd: () => void
  readonly toggleFollow: () => void
  /** The next command or error (1), or the one before (-1). */
  readonly nextMark: (kind: MarkKind, by: 1 | -1) => void
  readonly toggleWrap: () => void
  readonly toggleOutline: () => void
  readonly copyLines: () => void
  readonly copyLink: () => void
  readonly unpoint: () => void
  /** Closes what is open, else points at nothing any more. */
  readonly dismiss: () => void
}
