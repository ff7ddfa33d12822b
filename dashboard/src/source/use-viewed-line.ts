import type { Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { commandAtQuery } from '../gateway/queries.ts'
import { type Store, useStore } from '../gateway/store.ts'
import { locateCommand } from './locate-command.ts'

/** Which lines of the log are on the screen; null before the first. */
export type VisibleLines = { readonly first: number; readonly last: number } | null

/** The log is asked about once it has stood still for this long. */
const SETTLE_MS = 150

/**
 * The line of the do-file whose output stands in the middle of the screen, or null: while the log's end is shown, since the
 * page then tells where the run is, and when the do-file has no such line.
 */
export function useViewedLine(run: Run, visible: Store<VisibleLines>, text: string | null): number | null {
  const now = useStore(visible)
  const middle = now === null || now.last >= run.log.lines ? null : Math.floor((now.first + now.last) / 2)
  const [settled, setSettled] = useState<number | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(middle), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [middle])
  const { data: marks } = useQuery({ ...commandAtQuery(run.id, settled ?? 1), enabled: settled !== null })
  const lines = useMemo(() => text?.split('\n') ?? null, [text])
  const mark = marks?.marks[0]
  if (settled === null || middle === null || mark === undefined || lines === null) return null
  return locateCommand({ text: mark.text, line: mark.number }, run.log.lines, lines)
}
