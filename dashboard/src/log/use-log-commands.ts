import type { MarkKind, TailgateClient } from '@tailgate/client'
import { useMemo } from 'react'
import { countOf, formatCount } from '../format/quantity.ts'
import { announce, complain } from '../shell/notices.ts'
import { copyAndTell } from './copy-text.ts'
import { formatLineHash } from './line-range.ts'
import type { LogCommands } from './log-commands.ts'
import type { LogFind } from './log-find.ts'
import { MOST_LINES_COPIED, readLines } from './read-lines.ts'
import type { Log } from './use-log.ts'

/** What is open beside the lines. One bar at most is, and the outline. */
export type LogPanels = {
  openBar(bar: 'find' | 'go-to'): void
  /** False when nothing was open. */
  closeBar(): boolean
  toggleOutline(): void
}

export type LogCommandDeps = {
  readonly log: Log
  readonly runId: string
  readonly runs: Pick<TailgateClient['runs'], 'lines' | 'marks'>
  readonly find: Pick<LogFind, 'step'>
  readonly panels: LogPanels
}

/** Carries out what buttons and keys ask for. */
export function useLogCommands({ log, runId, runs, find, panels }: LogCommandDeps): LogCommands {
  const { model, view } = log
  return useMemo((): LogCommands => {
    const nextMark = async (kind: MarkKind, by: 1 | -1) => {
      const direction = by === 1 ? 'forward' : 'backward'
      const ask = async (from: number) =>
        from < 1 ? undefined : (await runs.marks({ runId, kind, direction, from, limit: 1 })).marks[0]
      const next = await ask(view.place + by)
      const mark = next ?? (await ask(by === 1 ? 1 : model.total))
      if (mark === undefined) return announce(`The log has no ${kind}.`)
      if (next === undefined) announce(by === 1 ? 'From the beginning of the log:' : 'From the end of the log:')
      view.show({ first: mark.number, last: mark.number + mark.lines - 1 })
      announce(`Line ${formatCount(mark.number)}: ${mark.text}`)
    }
    const copyLines = async () => {
      const { range } = view.state.get()
      if (range === null) return announce('Point at lines first: click their numbers.')
      const count = range.last - range.first + 1
      if (count > MOST_LINES_COPIED) {
        throw new Error(`${countOf(count, 'line')} are too many for the clipboard: download the log instead.`)
      }
      await copyAndTell(await readLines(runs, runId, range), count === 1 ? 'The line' : countOf(count, 'line'))
    }
    const orComplain = (work: Promise<void>) => {
      work.catch((error: unknown) => complain(error instanceof Error ? error : new Error(String(error))))
    }
    return {
      openFind: () => panels.openBar('find'),
      nextMatch: (by) => find.step(by),
      openGoTo: () => panels.openBar('go-to'),
      goTo: (line) => view.show({ first: line, last: line }),
      toStart: () => view.toStart(),
      toEnd: () => view.follow(),
      toggleFollow: () => view.toggleFollow(),
      nextMark: (kind, by) => orComplain(nextMark(kind, by)),
      toggleWrap: () => view.toggleWrap(),
      toggleOutline: panels.toggleOutline,
      copyLines: () => orComplain(copyLines()),
      copyLink: () => {
        const { range } = view.state.get()
        const { origin, pathname, search } = location
        orComplain(
          copyAndTell(`${origin}${pathname}${search}${range === null ? '' : formatLineHash(range)}`, 'The link'),
        )
      },
      unpoint: () => view.unpoint(),
      dismiss: () => {
        if (!panels.closeBar()) view.unpoint()
      },
    }
  }, [model, view, runs, runId, find, panels])
}
