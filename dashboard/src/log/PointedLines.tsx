import { Copy, Link2, X } from 'lucide-react'
import { IconButton } from '../design/Button.tsx'
import { formatCount } from '../format/quantity.ts'
import { useSelected } from '../gateway/store.ts'
import type { LogCommands } from './log-commands.ts'
import type { LogView } from './log-view.ts'

/** Below the lines, while some are pointed at: which, and what can be done with them. */
export function PointedLines({ view, commands }: { view: LogView; commands: LogCommands }) {
  const range = useSelected(view.state, ({ range }) => range)
  if (range === null) return null
  const { first, last } = range
  const isOne = first === last
  return (
    <div
      role="toolbar"
      aria-label="Lines pointed at"
      className="flex h-10 shrink-0 items-center gap-0.5 border-t border-line bg-raised pr-1.5 pl-3"
    >
      <span className="grow text-sm whitespace-nowrap text-ink-soft tabular-nums">
        {isOne ? `Line ${formatCount(first)}` : `Lines ${formatCount(first)}–${formatCount(last)}`}
      </span>
      <IconButton label={isOne ? 'Copy the line' : 'Copy the lines'} shortcut="y" onPress={commands.copyLines}>
        <Copy size={15} aria-hidden />
      </IconButton>
      <IconButton label="Copy a link" shortcut="Y" onPress={commands.copyLink}>
        <Link2 size={15} aria-hidden />
      </IconButton>
      <IconButton label="Point at nothing" shortcut="Esc" onPress={commands.unpoint}>
        <X size={15} aria-hidden />
      </IconButton>
    </div>
  )
}
