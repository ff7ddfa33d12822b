import { isEnded, type Run } from '@tailgate/client'
import type { ReactNode } from 'react'
import { formatClock, formatDuration, formatEstimate } from '../format/duration.ts'
import { formatExactly, formatMoment } from '../format/moment.ts'
import { formatBytes, formatCount } from '../format/quantity.ts'
import { useElapsed, useNow } from '../shell/use-now.ts'

/** The numbers of a run in one line: how long, how far, how much. Only what is known. */
export function RunFacts({ run }: { run: Run }) {
  const { statement, replications, iteration, estimate } = run.progress
  const going = !isEnded(run.state)
  const now = useNow(30_000)
  const started = run.startedAt ?? run.queuedAt
  return (
    <dl className="mt-1 flex flex-wrap gap-x-6 gap-y-1 text-sm tabular-nums">
      {run.queuePosition === null ? null : <Fact name="In the queue">number {run.queuePosition}</Fact>}
      {run.startedAt === null ? null : (
        <Fact name={going ? 'Elapsed' : 'Took'}>
          <Elapsed run={run} />
        </Fact>
      )}
      {going && estimate !== null ? (
        <Fact name="Left">
          <span title={`${estimate.runs} earlier runs took ${formatDuration(estimate.expectedMs)} (median)`}>
            {estimate.remainingMs === 0
              ? `longer than usual (${formatDuration(estimate.expectedMs)})`
              : formatEstimate(estimate.remainingMs)}
          </span>
        </Fact>
      ) : null}
      {statement === null ? null : (
        <Fact name="Statement">
          {formatCount(statement.current)} <span className="text-ink-faint">of {formatCount(statement.total)}</span>
        </Fact>
      )}
      {replications === null ? null : (
        <Fact name="Replications">
          {formatCount(replications.done)}
          {replications.total === null ? null : (
            <span className="text-ink-faint"> of {formatCount(replications.total)}</span>
          )}
          {replications.failed === 0 ? null : (
            <span className="text-warn"> · {formatCount(replications.failed)} failed</span>
          )}
        </Fact>
      )}
      {iteration === null || !going ? null : (
        <Fact name="Iteration">
          {iteration.number}
          {iteration.value === null ? null : (
            <span className="text-ink-faint">
              {' '}
              · {iteration.label} {iteration.value}
            </span>
          )}
        </Fact>
      )}
      <Fact name="Log">
        {formatCount(run.log.lines)} <span className="text-ink-faint">lines · {formatBytes(run.log.bytes)}</span>
      </Fact>
      <Fact name={run.startedAt === null ? 'Asked for' : 'Started'}>
        <time dateTime={started} title={formatExactly(started)}>
          {formatMoment(started, now)}
        </time>
        {run.startedBy === null ? null : <span className="text-ink-faint"> by {run.startedBy}</span>}
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  )
}

function Elapsed({ run }: { run: Run }) {
  const elapsed = useElapsed(run)
  return isEnded(run.state) ? formatDuration(run.elapsedMs) : formatClock(elapsed)
}
