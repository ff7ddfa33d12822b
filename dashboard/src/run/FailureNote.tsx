import type { Run } from '@tailgate/client'
import { ArrowDownToLine, CircleX } from 'lucide-react'
import { outcomeText } from '../runs/outcome-text.ts'
import { STATE_TONE } from '../runs/run-states.ts'

export type FailureNoteProps = {
  run: Run
  /** The line was followed to the log. */
  onGo: () => void
}

/** On top of a run that went wrong: the command that failed, its message, and the way to its line in the log. */
export function FailureNote({ run, onGo }: FailureNoteProps) {
  const { outcome } = run
  if (outcome === null || (STATE_TONE[run.state] !== 'bad' && run.state !== 'lost' && run.state !== 'timed-out')) {
    return null
  }
  const message = outcome.message ?? outcomeText(run)
  return (
    <section
      aria-label="Why it ended"
      className="flex shrink-0 flex-wrap items-start gap-x-3 gap-y-1 border-b border-bad-line bg-bad-soft px-4 py-2.5"
    >
      <CircleX size={17} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-0 grow basis-60">
        <p className="max-h-20 overflow-y-auto font-semibold whitespace-pre-wrap">
          {outcome.rc === null || outcome.rc === 0 ? null : (
            <code className="mr-2 font-mono text-bad">r({outcome.rc})</code>
          )}
          {message}
        </p>
        {outcome.command === null ? null : (
          <p className="mt-0.5 truncate font-mono text-xs text-ink-soft" title={outcome.command}>
            . {outcome.command}
          </p>
        )}
      </div>
      {outcome.line === null ? null : (
        <a
          href={`#L${outcome.line}`}
          onClick={onGo}
          className="flex h-7 items-center gap-1.5 rounded-md border border-bad-line bg-raised px-2.5 text-sm font-medium hover:border-bad"
        >
          <ArrowDownToLine size={14} aria-hidden />
          Go to line {outcome.line}
        </a>
      )}
    </section>
  )
}
