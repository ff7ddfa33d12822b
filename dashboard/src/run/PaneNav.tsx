import type { Run } from '@tailgate/client'
import type { LucideIcon } from 'lucide-react'
import { ChartLine, FileCode2, Files, ScrollText, TableProperties } from 'lucide-react'
import { Link } from 'wouter'
import { PANES, type Pane } from './panes.ts'

const LABEL: Readonly<Record<Pane, { text: string; Icon: LucideIcon }>> = {
  log: { text: 'Log', Icon: ScrollText },
  'do-file': { text: 'Do-file', Icon: FileCode2 },
  files: { text: 'Files', Icon: Files },
  plots: { text: 'Plots', Icon: ChartLine },
  details: { text: 'Details', Icon: TableProperties },
}

/** Chooses what stands beside the log: nothing (`log`), or one of the other parts. */
export function PaneNav({ run, pane }: { run: Run; pane: Pane }) {
  return (
    <nav
      aria-label="Parts of the run"
      className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-2 sm:px-3"
    >
      {PANES.map((name) => {
        const { text, Icon } = LABEL[name]
        const count = name === 'files' ? run.artifacts.length : 0
        const here = name === pane
        return (
          <Link
            key={name}
            href={`/run/${run.id}?show=${name}`}
            replace
            aria-current={here ? 'true' : undefined}
            className={`flex items-center gap-1.5 border-b-2 px-2.5 py-1.5 text-sm font-medium whitespace-nowrap -outline-offset-2 hover:text-ink ${here ? 'border-accent text-ink' : 'border-transparent text-ink-soft'}`}
          >
            <Icon size={14} aria-hidden />
            {text}
            {count === 0 ? null : (
              <span className="rounded-full bg-hover px-1.5 text-xs text-ink-soft tabular-nums">{count}</span>
            )}
          </Link>
        )
      })}
    </nav>
  )
}
