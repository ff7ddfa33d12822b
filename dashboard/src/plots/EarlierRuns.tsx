import type { Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { formatDuration } from '../format/duration.ts'
import { formatExactly, formatMoment } from '../format/moment.ts'
import { earlierRunsQuery } from '../gateway/queries.ts'
import { RunStateIcon } from '../runs/RunStateBadge.tsx'
import { STATE_LABEL } from '../runs/run-states.ts'
import { useNow } from '../shell/use-now.ts'

/** How long the runs of this do-file took, newest first; this one among them. */
export function EarlierRuns({ run }: { run: Run }) {
  const { data: page } = useQuery(earlierRunsQuery(run.file))
  const now = useNow(60_000)
  const started = (page?.runs ?? []).filter(({ startedAt }) => startedAt !== null)
  const runs = started.map((other) => (other.id === run.id ? run : other))
  const longest = Math.max(1, ...runs.map(({ elapsedMs }) => elapsedMs))
  if (runs.length < 2) return null
  return (
    <section aria-labelledby="earlier-runs">
      <h2 id="earlier-runs" className="text-sm font-semibold">
        Runs of this do-file
      </h2>
      <p className="text-xs text-ink-faint">How long they took, newest first.</p>
      <ol className="mt-2">
        {runs.map((other) => (
          <li key={other.id}>
            <Link
              href={`/run/${other.id}?show=plots`}
              aria-current={other.id === run.id ? 'true' : undefined}
              className={`grid grid-cols-[1rem_6.5rem_minmax(0,1fr)_6rem] items-center gap-2 rounded-sm px-1 py-1 text-xs tabular-nums hover:bg-hover ${other.id === run.id ? 'bg-selected font-semibold' : ''}`}
            >
              <RunStateIcon state={other.state} size={13} />
              <span className="truncate text-ink-soft" title={formatExactly(other.startedAt ?? other.queuedAt)}>
                <span className="sr-only">{STATE_LABEL[other.state]}, </span>
                {formatMoment(other.startedAt ?? other.queuedAt, now)}
              </span>
              <span aria-hidden className="h-3 rounded-sm bg-hover">
                <span
                  className="block h-full rounded-sm bg-accent"
                  style={{ width: `${Math.max(0.5, (other.elapsedMs / longest) * 100)}%` }}
                />
              </span>
              <span className="text-right">{formatDuration(other.elapsedMs)}</span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  )
}
