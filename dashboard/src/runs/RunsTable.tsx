import { isEnded, type Run } from '@tailgate/client'
import { CircleStop, RotateCw, Trash2 } from 'lucide-react'
import { Link } from 'wouter'
import { IconButton } from '../design/Button.tsx'
import { ProgressBar } from '../design/ProgressBar.tsx'
import { formatClock, formatDuration, formatEstimate } from '../format/duration.ts'
import { formatExactly, formatMoment } from '../format/moment.ts'
import { baseName, directoryName } from '../format/path.ts'
import { countOf } from '../format/quantity.ts'
import { useElapsed, useNow } from '../shell/use-now.ts'
import { outcomeText } from './outcome-text.ts'
import { RunStateIcon } from './RunStateBadge.tsx'
import { runProgress } from './run-progress.ts'
import { STATE_LABEL } from './run-states.ts'
import type { RunActions } from './use-run-actions.ts'
import { useRunCan } from './use-run-can.ts'

export type RunsTableProps = { runs: readonly Run[]; actions: RunActions; onRemove: (run: Run) => void }

const HEADINGS = ['State', 'Do-file', 'Result', 'Time', 'Started']

/** The list of runs. A table on a wide screen, cards on a narrow one; a row is one link, with buttons above it. */
export function RunsTable({ runs, actions, onRemove }: RunsTableProps) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-raised">
      <table className="w-full table-fixed border-collapse text-left max-md:block">
        <thead className="text-xs text-ink-faint max-md:sr-only">
          <tr>
            {HEADINGS.map((heading) => (
              <th key={heading} scope="col" className={`border-b border-line py-2 pl-4 font-medium ${WIDTH[heading]}`}>
                {heading}
              </th>
            ))}
            <th scope="col" className="w-32 border-b border-line">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} actions={actions} onRemove={onRemove} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

const WIDTH: Readonly<Record<string, string>> = {
  State: 'w-36',
  Result: 'w-[32%]',
  Time: 'w-28',
  Started: 'w-36',
}

const CELL = 'py-2.5 pl-4 align-top max-md:block max-md:p-0'

function RunRow({ run, actions, onRemove }: { run: Run } & Omit<RunsTableProps, 'runs'>) {
  const runCan = useRunCan()
  const now = useNow(isEnded(run.state) ? 60_000 : 15_000)
  const started = run.startedAt ?? run.queuedAt
  return (
    <tr
      data-run-id={run.id}
      className="group relative border-b border-line last:border-0 focus-within:bg-hover hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-3 max-md:gap-y-1 max-md:px-4 max-md:py-3"
    >
      <td className={CELL}>
        <span className="flex items-center gap-2 font-medium">
          <RunStateIcon state={run.state} />
          {STATE_LABEL[run.state]}
        </span>
      </td>
      <td className={`${CELL} max-md:order-first max-md:w-full`}>
        <Link
          href={`/run/${run.id}`}
          className="block truncate font-semibold after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          {baseName(run.file)}
          {run.args.length === 0 ? null : (
            <span className="ml-1.5 font-mono text-xs font-normal text-ink-soft">{run.args.join(' ')}</span>
          )}
        </Link>
        <span className="block truncate text-xs text-ink-faint" title={run.file}>
          {directoryName(run.file)}
          {run.startedBy === null ? null : ` · ${run.startedBy}`}
        </span>
      </td>
      <td className={`${CELL} max-md:order-last max-md:w-full`}>
        <RunResult run={run} />
      </td>
      <td className={`${CELL} tabular-nums`}>
        <RunTime run={run} />
      </td>
      <td className={`${CELL} text-ink-soft tabular-nums`}>
        <time dateTime={started} title={formatExactly(started)}>
          {formatMoment(started, now)}
        </time>
      </td>
      <td className="py-1.5 pr-2 text-right align-top max-md:ml-auto max-md:block max-md:p-0">
        <span className="relative z-10 inline-flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
          {runCan.cancel(run) ? (
            <IconButton label={`Cancel ${baseName(run.file)}`} shortcut="c" onPress={() => actions.cancel(run)}>
              <CircleStop size={16} aria-hidden />
            </IconButton>
          ) : null}
          {runCan.runAgain(run) ? (
            <IconButton label={`Run ${baseName(run.file)} again`} shortcut="r" onPress={() => actions.runAgain(run)}>
              <RotateCw size={16} aria-hidden />
            </IconButton>
          ) : null}
          {runCan.remove(run) ? (
            <IconButton label={`Delete the run of ${baseName(run.file)}`} shortcut="x" onPress={() => onRemove(run)}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          ) : null}
        </span>
      </td>
    </tr>
  )
}

function RunTime({ run }: { run: Run }) {
  const elapsed = useElapsed(run)
  if (run.startedAt === null) return <span className="text-ink-faint max-md:hidden">–</span>
  return <>{isEnded(run.state) ? formatDuration(run.elapsedMs) : formatClock(elapsed)}</>
}

function RunResult({ run }: { run: Run }) {
  const progress = runProgress(run)
  const text = outcomeText(run)
  if (progress !== null && run.state === 'running') {
    const { estimate, statement } = run.progress
    const left = estimate === null || estimate.remainingMs === 0 ? null : `${formatEstimate(estimate.remainingMs)} left`
    const detail = [progress.label, left].filter((part) => part !== null).join(' · ')
    return (
      <div className="pt-1.5 md:pr-4">
        <ProgressBar
          label={`Progress of ${baseName(run.file)}`}
          fraction={progress.fraction}
          valueText={detail === '' ? null : detail}
        />
        <p className="mt-1 truncate text-xs text-ink-soft tabular-nums">{detail || statement?.text}</p>
      </div>
    )
  }
  if (text !== null) {
    const { rc } = run.outcome ?? { rc: null }
    return (
      <p className="flex items-baseline gap-2 pr-2 text-ink-soft">
        {rc === null || rc === 0 ? null : <code className="font-mono text-xs font-semibold text-bad">r({rc})</code>}
        <span className="truncate" title={run.outcome?.message ?? undefined}>
          {text}
        </span>
      </p>
    )
  }
  const files = run.artifacts.length === 0 ? null : countOf(run.artifacts.length, 'file')
  const lines = run.log.lines === 0 ? null : countOf(run.log.lines, 'line')
  return <p className="truncate text-ink-faint tabular-nums">{[lines, files].filter(Boolean).join(' · ')}</p>
}
