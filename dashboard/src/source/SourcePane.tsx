import { isEnded, type Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { FileClock, FileX } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { EmptyState } from '../design/EmptyState.tsx'
import { baseName } from '../format/path.ts'
import { formatBytes } from '../format/quantity.ts'
import { sourceQuery } from '../gateway/queries.ts'
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

/** The do-file as it was when the run was launched, in step with the log. */
export function SourcePane({ run, log, onGo }: SourcePaneProps) {
  const launched = run.startedAt !== null || (isEnded(run.state) && run.log.bytes > 0)
  const { data: source, error } = useQuery({ ...sourceQuery(run.id), enabled: launched })
  const places = usePlaces(log, source?.text ?? null)
  const readLine = useReadLine(log, places)
  if (!launched) {
    return (
      <EmptyState icon={FileClock} title="The run has not begun">
        Here will be the do-file as it is when the run starts.
      </EmptyState>
    )
  }
  if (error !== null) {
    return (
      <EmptyState icon={FileX} title="The do-file cannot be shown">
        {error.message}
      </EmptyState>
    )
  }
  if (source === undefined) return null
  return (
    <div className="flex h-full flex-col">
      {source.truncated ? (
        <p className="border-b border-line px-4 py-1.5 text-xs text-ink-soft">
          The beginning of {baseName(source.path)}, which has {formatBytes(source.bytes)}.
        </p>
      ) : null}
      <SourceView
        text={source.text}
        label="Lines of the do-file"
        mark={sourceMark(run)}
        readLine={readLine}
        logLines={places.logLines}
        onGo={onGo}
      />
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
