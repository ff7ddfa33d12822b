import type { Run } from '@tailgate/client'
import type { ReactNode } from 'react'
import { formatDuration } from '../format/duration.ts'
import { formatExactly } from '../format/moment.ts'
import { formatBytes, formatCount } from '../format/quantity.ts'
import { REASON_TEXT } from '../runs/outcome-text.ts'
import { STATE_LABEL } from '../runs/run-states.ts'

/** Everything that the Run record says, for those who want to know exactly. */
export function DetailsPane({ run }: { run: Run }) {
  const { outcome, engine } = run
  return (
    <dl className="divide-y divide-line px-4 text-sm">
      <Detail name="State">{STATE_LABEL[run.state]}</Detail>
      <Detail name="Do-file" mono>
        {run.file}
      </Detail>
      <Detail name="Working directory" mono>
        {run.workingDir}
      </Detail>
      <Detail name="Arguments" mono>
        {run.args.length === 0 ? null : (
          <ol>
            {run.args.map((arg, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: arguments are known by their place, and may be equal
              <li key={index}>
                <span className="text-ink-faint">{index + 1} </span>
                {arg}
              </li>
            ))}
          </ol>
        )}
      </Detail>
      <Detail name="Time limit">{run.timeoutMs === null ? null : formatDuration(run.timeoutMs)}</Detail>
      <Detail name="Asked for">{formatExactly(run.queuedAt)}</Detail>
      <Detail name="Started">{run.startedAt === null ? null : formatExactly(run.startedAt)}</Detail>
      <Detail name="Ended">{run.endedAt === null ? null : formatExactly(run.endedAt)}</Detail>
      <Detail name="Started by">{run.startedBy}</Detail>
      <Detail name="Engine">
        {engine.kind === 'standin'
          ? 'Stand-in (not Stata)'
          : ['Stata', engine.version, engine.edition].filter(Boolean).join(' ')}
        <span className="block font-mono text-xs text-ink-faint">{engine.path}</span>
      </Detail>
      <Detail name="Runs on">{run.executor === 'slurm' ? 'The cluster (Slurm)' : 'The machine of the gateway'}</Detail>
      <Detail name="Log">
        {formatCount(run.log.lines)} lines, {formatBytes(run.log.bytes)}
      </Detail>
      {outcome === null ? null : (
        <>
          <Detail name="Why it ended">{REASON_TEXT[outcome.reason]}</Detail>
          <Detail name="Return code">{outcome.rc === null ? null : `r(${outcome.rc})`}</Detail>
          <Detail name="Exit status">{outcome.exitCode}</Detail>
          <Detail name="Signal">{outcome.signal}</Detail>
        </>
      )}
      <Detail name="Run" mono>
        {run.id}
      </Detail>
    </dl>
  )
}

function Detail({ name, mono = false, children }: { name: string; mono?: boolean; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-3 py-2">
      <dt className="text-ink-faint">{name}</dt>
      <dd className={`break-words ${mono ? 'font-mono text-xs leading-5' : ''}`}>
        {children ?? <span className="text-ink-faint">–</span>}
      </dd>
    </div>
  )
}
