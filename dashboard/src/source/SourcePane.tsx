import { isEnded, type Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { FileClock, FileX } from 'lucide-react'
import { EmptyState } from '../design/EmptyState.tsx'
import { baseName } from '../format/path.ts'
import { formatBytes } from '../format/quantity.ts'
import { sourceQuery } from '../gateway/queries.ts'
import { type SourceMark, SourceView } from './SourceView.tsx'

/** The do-file as it was when the run was launched, in step with the log. */
export function SourcePane({ run }: { run: Run }) {
  const launched = run.startedAt !== null || (isEnded(run.state) && run.log.bytes > 0)
  const { data: source, error } = useQuery({ ...sourceQuery(run.id), enabled: launched })
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
      <SourceView text={source.text} mark={sourceMark(run)} label="Lines of the do-file" />
    </div>
  )
}

/** Where in its do-file the run is, or how far it came; a run that came to its end has no such place. */
function sourceMark(run: Run): SourceMark | null {
  const line = run.progress.statement?.sourceLine
  if (line === undefined || run.state === 'succeeded') return null
  if (!isEnded(run.state)) return { line, type: 'current' }
  return { line, type: run.state === 'failed' ? 'failed' : 'last' }
}
