import { type Cursor, type TailgateEvent, unreachable } from '@tailgate/shared'
import { type LinePosition, readLines } from '../lines/read-lines.ts'
import type { Delivery } from './delivery.ts'
import { kindNumbers } from './line-kinds.ts'
import { linesEvent, type RunFeed } from './run-feed.ts'

/**
 * One viewer's way through a run: the record, replay from the log file, the journal at the live end, `end`.
 *
 * It pulls: between two deliveries it holds the last one and its position. A viewer too slow for the journal's window
 * goes back to reading the file; lines are never lost, only ticks and outdated records are.
 */
export async function* followFeed(
  feed: RunFeed,
  from: Cursor,
  signal: AbortSignal,
): AsyncGenerator<Delivery, void, void> {
  const { journal } = feed
  const joinedAt = journal.nextSeq
  let { generation } = from
  let at: LinePosition = { offset: from.offset, line: 1 }
  let located = from.offset === 0
  let runSeq = feed.latestRunSeq
  let seq: number | null = null
  const deliver = (event: TailgateEvent): Delivery => ({
    cursor: { runId: feed.runId, generation, offset: at.offset, ended: false },
    event,
  })
  // The shared object wherever it says where this viewer is, which at the live end it does.
  const share = (delivery: Delivery): Delivery => {
    const { cursor, event } = delivery
    return cursor.generation === generation && cursor.offset === at.offset ? delivery : deliver(event)
  }

  // One for all the waiting there will be, and one listener: most of what thousands of viewers do is wait.
  const waiter = feed.waiter()
  signal.addEventListener('abort', waiter.wake)

  yield deliver({ type: 'run', run: feed.run })
  while (!signal.aborted && !feed.withdrawn) {
    if (seq === null || seq < journal.firstSeq) {
      if (generation !== feed.generation) {
        generation = feed.generation
        at = { offset: 0, line: 1 }
        located = true
        yield deliver({ type: 'reset', generation, reason: 'replaced' })
        continue
      }
      if (at.offset > feed.bytes && feed.end === null) {
        // A restarted gateway may not have read the log this far yet.
        await waiter.changed()
        continue
      }
      const place = journal.place(generation, at.offset)
      if (place !== null && 'seq' in place) {
        seq = place.seq
      } else if (at.offset < feed.bytes) {
        if (!located) {
          const line = await feed.lineAt(at.offset)
          if (generation !== feed.generation) continue
          at = line
          located = true
        }
        const limit = place?.readTo ?? feed.bytes
        const stretch = await findStretch(feed, at, limit)
        // What was read, and where it ends, may be of a log that began anew in the meantime.
        if (generation !== feed.generation || signal.aborted || feed.withdrawn) continue
        if (stretch !== null) {
          for (const [i, end] of stretch.ends.entries()) {
            if (generation !== feed.generation || signal.aborted || feed.withdrawn) break
            const delivery = stretch.delivery(i)
            if (delivery === null) break
            at = end
            yield delivery
          }
          continue
        }
        const batch = await readLines(feed.read, at, limit)
        const kinds = batch === null ? null : await feed.kinds.readBytes(batch.first, batch.text.length)
        if (generation !== feed.generation || signal.aborted || feed.withdrawn) continue
        if (batch === null) {
          // The file is shorter than it was: the writer side is about to notice, unless nobody writes any more.
          if (feed.end !== null) seq = journal.nextSeq
          else await waiter.changed()
          continue
        }
        at = { offset: batch.next, line: batch.first + batch.text.length }
        yield deliver(linesEvent(batch, kinds === null ? null : kindNumbers(batch.first, kinds)))
        continue
      } else {
        seq = journal.firstSeq
      }
      if (runSeq < feed.latestRunSeq && feed.latestRunSeq < seq) {
        runSeq = feed.latestRunSeq
        yield deliver({ type: 'run', run: feed.run })
      }
      continue
    }
    const delivery: Delivery | null | undefined = journal.get(seq)
    if (delivery === undefined) {
      if (feed.end !== null) {
        yield feed.end
        return
      }
      await waiter.changed()
      continue
    }
    const current: number = seq
    seq += 1
    if (delivery === null) continue
    const { event } = delivery
    switch (event.type) {
      case 'lines':
        // The window may still hold lines that this viewer has read from the file, or of a log that was replaced.
        if (delivery.cursor.generation !== generation || event.start < at.offset) break
        at = { offset: event.next, line: event.first + event.text.length }
        located = true
        yield delivery
        break
      case 'reset':
        if (event.generation <= generation) break
        generation = event.generation
        at = { offset: 0, line: 1 }
        located = true
        yield delivery
        break
      case 'run':
        if (current > runSeq) {
          runSeq = current
          yield share(delivery)
        }
        break
      case 'partial':
        yield share(delivery)
        break
      case 'tick':
        if (current >= joinedAt) yield share(delivery)
        break
      case 'end':
        yield delivery
        return
      default:
        unreachable(event)
    }
  }
}

type FoundStretch = {
  /** Where each of its deliveries ends. */
  readonly ends: readonly LinePosition[]
  /** Null once it is gone. */
  readonly delivery: (index: number) => Delivery | null
}

/**
 * The stretch at a place, for a viewer to take one delivery after another from, and the next one asked for already. The
 * viewer holds it weakly: who keeps up finds it, who waits for a slow peer keeps none of it alive and reads it again.
 */
async function findStretch(feed: RunFeed, at: LinePosition, limit: number): Promise<FoundStretch | null> {
  const { generation } = feed
  const stretch = await feed.stretch(at, limit)
  const last = stretch?.ends.at(-1)
  // Of a log that began anew in the meantime nothing may be read ahead: its places are no places of the new one.
  if (stretch === null || last === undefined || generation !== feed.generation) return null
  if (last.offset < limit) void feed.stretch(last, limit).catch(() => {})
  const { ends } = stretch
  const held = new WeakRef(stretch)
  return { ends, delivery: (index) => held.deref()?.deliveries[index] ?? null }
}
