import { isEnded, type Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { FileClock, FileX } from 'lucide-react'
import { type ReactNode, useDeferredValue, useMemo } from 'react'
import { EmptyState } from '../design/EmptyState.tsx'
import { baseName } from '../format/path.ts'
import { formatBytes } from '../format/quantity.ts'
import { doFileQuery, sourceQuery } from '../gateway/queries.ts'
import { useSelected } from '../gateway/store.ts'
import type { Log } from '../log/use-log.ts'
import { type CommandPlaces, NO_PLACES, placeCommands, sourceLineAt } from './command-places.ts'
import { type SourceMark, SourceView } from './SourceView.tsx'

export type SourcePaneProps = {
  run: Run
  log: Log
  /** A line of the do-file was followed to the log. */
  onGo: () => void
}

/** The do-file of a run: as it was when the run was launched, in step with the log; before that, as it is now. */
export function SourcePane({ run, log, onGo }: SourcePaneProps) {
  const launched = run.startedAt !== null || (isEnded(run.state) && run.log.bytes > 0)
  return launched ? <LaunchedSource run={run} log={log} onGo={onGo} /> : <WaitingSource run={run} />
}

function LaunchedSource({ run, log, onGo }: SourcePaneProps) {
  const { data: source, error } = useQuery(sourceQuery(run.id))
  const places = usePlaces(log, source?.text ?? null)
  const readLine = useReadLine(log, places)
  if (error !== null) {
    return (
      <EmptyState icon={FileX} title="The do-file cannot be shown">
        {error.message}
      </EmptyState>
    )
  }
  if (source === undefined) return null
  const remark = source.truncated
    ? `The beginning of ${baseName(source.path)}, which has ${formatBytes(source.bytes)}.`
    : null
  return (
    <Remarked remark={remark}>
      <SourceView
        text={source.text}
        label="Lines of the do-file"
        mark={sourceMark(run)}
        readLine={readLine}
        logLines={places.logLines}
        onGo={onGo}
      />
    </Remarked>
  )
}

function WaitingSource({ run }: { run: Run }) {
  const ended = isEnded(run.state)
  const { data: source } = useQuery({ ...doFileQuery(run.file), enabled: !ended })
  if (ended || source === undefined) {
    return (
      <EmptyState icon={FileClock} title={ended ? 'The run never began' : 'The run has not begun'}>
        {ended ? 'So no do-file was kept with it.' : 'Here will be the do-file as it is when the run starts.'}
      </EmptyState>
    )
  }
  return (
    <Remarked remark="The do-file as it is now. The run will take it as it is when it starts.">
      <SourceView text={source.text} label="Lines of the do-file" />
    </Remarked>
  )
}

function Remarked({ remark, children }: { remark: string | null; children: ReactNode }) {
  return (
    <div className="flex h-full flex-col">
      {remark === null ? null : <p className="border-b border-line px-4 py-1.5 text-xs text-ink-soft">{remark}</p>}
      {children}
    </div>
  )
}

/** Where the commands stand in both, as far as the log's outline is known. */
function usePlaces({ outline }: Log, text: string | null): CommandPlaces {
  const entries = useDeferredValue(useSelected(outline.state, ({ entries }) => entries))
  return useMemo(() => (text === null ? NO_PLACES : placeCommands(text, entries)), [text, entries])
}

/** The line of the do-file that belongs to what is read in the log; null while its end is watched. */
function useReadLine({ view }: Log, places: CommandPlaces): number | null {
  return useSelected(view.state, () => {
    const { readLine } = view
    return readLine === null ? null : sourceLineAt(places, readLine)
  })
}

/** Where in its do-file the run is, or how far it came; a run that came to its end has no such place. */
function sourceMark(run: Run): SourceMark | null {
  const line = run.progress.statement?.sourceLine
  if (line === undefined || run.state === 'succeeded') return null
  if (!isEnded(run.state)) return { line, type: 'current' }
  return { line, type: run.state === 'failed' ? 'failed' : 'last' }
}
