import { type LineKind, PARTIAL_AFTER_MS, unreachable } from '@tailgate/shared'
import { groupByKind, type KindNumbers, type LineKinds } from '../feed/line-kinds.ts'
import type { RunFeed } from '../feed/run-feed.ts'
import { type LineBatch, LineCutter } from '../lines/line-cutter.ts'
import type { FollowItem, FollowOptions } from '../tail/follow-file.ts'
import { followFile } from '../tail/follow-file.ts'
import type { FollowDeps } from '../tail/followed-file.ts'
import type { Timers } from './run-clock.ts'

/**
 * Brings tail, lines, parser and feed together: the bytes of a growing log become lines, the parser says what each
 * line is, the feed tells the viewers. Runs until the writer is done and the last byte is read.
 */

/** What the pump needs of the log parser. */
export type LineReader = {
  push(text: string, cut?: boolean): LineKind
  takeRevisions(): readonly { readonly line: number; readonly kind: LineKind }[]
}

export type LogCondition = Extract<FollowItem, { type: 'trouble' | 'deleted' | 'recovered' | 'lost' }>

export type LogPumpOptions = Pick<FollowOptions, 'path' | 'signal' | 'writerDone'> & {
  readonly feed: RunFeed
  readonly kinds: LineKinds
  readonly files: FollowDeps
  readonly timers: Timers
  /** The parser for the log as it is now; asked anew after a reset. */
  readonly reader: () => LineReader
  /** After each batch of lines. */
  readonly onLines: (batch: LineBatch) => void
  /** The last line has stood still unfinished (Stata's dots). */
  readonly onPartial: (text: string) => void
  /** The log began anew: forget what was read. Viewers are told after this. */
  readonly onReset: (generation: number) => void
  /** What became of the log's file; see `follow-file.ts`. */
  readonly onCondition: (condition: LogCondition) => void
}

export async function pumpLog(options: LogPumpOptions): Promise<void> {
  const { feed, kinds, timers, path, signal, writerDone } = options
  let cutter = new LineCutter({ offset: feed.bytes, line: feed.lines + 1 })
  let cancelPartial = () => {}

  const accept = async (batch: LineBatch): Promise<void> => {
    feed.append(batch, await markLines(batch, kinds, options.reader()))
    options.onLines(batch)
  }

  try {
    for await (const item of followFile({ path, offset: feed.bytes, signal, writerDone }, options.files)) {
      switch (item.type) {
        case 'bytes': {
          cancelPartial()
          for (const batch of cutter.push(item.bytes)) await accept(batch)
          const { heldBytes } = cutter
          if (heldBytes === 0) break
          cancelPartial = timers.after(PARTIAL_AFTER_MS, () => {
            const text = cutter.heldText()
            feed.partial(text)
            options.onPartial(text)
          })
          break
        }
        case 'reset':
          cancelPartial()
          cutter = new LineCutter()
          await kinds.clear()
          options.onReset(feed.generation + 1)
          feed.reset(item.reason)
          break
        case 'trouble':
        case 'deleted':
        case 'recovered':
        case 'lost':
          options.onCondition(item)
          break
        default:
          unreachable(item)
      }
    }
  } finally {
    cancelPartial()
  }
  const last = signal.aborted ? null : cutter.finish()
  if (last !== null) await accept(last)
}

/** Asks the parser about each line, notes the answers, and gives those that say more than that a line is output. */
export async function markLines(batch: LineBatch, kinds: LineKinds, reader: LineReader): Promise<KindNumbers | null> {
  const known = new Map<number, LineKind>()
  const { first, text, cut } = batch
  // Indexed: this is the one loop that every line of every log goes through.
  for (let i = 0; i < text.length; i++) {
    const isCut = cut.length > 0 && cut.includes(first + i)
    const kind = reader.push(text[i] ?? '', isCut)
    if (kinds.full) await kinds.makeRoom()
    kinds.add(kind, isCut)
    if (kind !== 'output') known.set(first + i, kind)
  }
  for (const { line, kind } of reader.takeRevisions()) {
    await kinds.revise(line, kind)
    known.set(line, kind)
  }
  return groupByKind(known)
}
