import {
  ArrowDownToLine,
  ArrowUpToLine,
  ChevronDown,
  ChevronUp,
  ListTree,
  Search,
  TextCursorInput,
  WrapText,
} from 'lucide-react'
import { memo } from 'react'
import { IconButton } from '../design/Button.tsx'
import { countOf } from '../format/quantity.ts'
import { type Store, useSelected } from '../gateway/store.ts'
import type { LogCommands } from './log-commands.ts'
import type { LogView } from './log-view.ts'
import { entryAt, entryTitle, type Outline } from './outline.ts'

export type LogToolbarProps = {
  commands: LogCommands
  view: LogView
  outline: Store<Outline>
  /** The run has not ended. */
  going: boolean
  outlineOpen: boolean
}

/** Where in the log one is, and the ways to move about. */
export const LogToolbar = memo(function LogToolbar({ commands, view, outline, going, outlineOpen }: LogToolbarProps) {
  const wraps = useSelected(view.state, ({ wraps }) => wraps)
  const follows = useSelected(view.state, ({ viewport }) => viewport.follows) && going
  const errors = useSelected(outline, ({ errors }) => errors)
  return (
    <div className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line bg-raised pr-1.5 pl-3">
      <Section view={view} outline={outline} onGo={commands.goTo} />
      {errors === 0 ? null : (
        <span className="flex shrink-0 items-center rounded-md bg-bad-soft pl-2 text-xs font-medium text-bad">
          {countOf(errors, 'error')}
          <IconButton label="Previous error" shortcut="E" onPress={() => commands.nextMark('error', -1)}>
            <ChevronUp size={15} aria-hidden />
          </IconButton>
          <IconButton label="Next error" shortcut="e" onPress={() => commands.nextMark('error', 1)}>
            <ChevronDown size={15} aria-hidden />
          </IconButton>
        </span>
      )}
      <IconButton label="Search the log" shortcut="/" onPress={commands.openFind}>
        <Search size={15} aria-hidden />
      </IconButton>
      <IconButton label="Go to a line" shortcut=":" onPress={commands.openGoTo}>
        <TextCursorInput size={15} aria-hidden />
      </IconButton>
      <IconButton label="First line" shortcut="g" onPress={commands.toStart}>
        <ArrowUpToLine size={15} aria-hidden />
      </IconButton>
      <IconButton
        label={follows ? 'Stop following' : 'Last line'}
        shortcut={follows ? 'f' : 'G'}
        aria-pressed={follows}
        onPress={commands.toggleFollow}
      >
        <ArrowDownToLine size={15} aria-hidden className={follows ? 'text-accent' : undefined} />
      </IconButton>
      <IconButton
        label={wraps ? 'Do not wrap long lines' : 'Wrap long lines'}
        shortcut="w"
        aria-pressed={wraps}
        onPress={commands.toggleWrap}
      >
        <WrapText size={15} aria-hidden className={wraps ? 'text-accent' : undefined} />
      </IconButton>
      <IconButton
        label={outlineOpen ? 'Hide the outline' : 'Outline of commands'}
        shortcut="o"
        aria-expanded={outlineOpen}
        onPress={commands.toggleOutline}
      >
        <ListTree size={15} aria-hidden className={outlineOpen ? 'text-accent' : undefined} />
      </IconButton>
    </div>
  )
})

/** The command that the lines on the screen belong to. */
function Section({
  view,
  outline,
  onGo,
}: Pick<LogToolbarProps, 'view' | 'outline'> & { onGo: (line: number) => void }) {
  const entries = useSelected(outline, ({ entries }) => entries)
  const section = useSelected(view.state, ({ viewport }) => entryAt(entries, viewport.position.row + 1))
  if (section === null) return <span className="grow" />
  return (
    <button
      type="button"
      title={`Go to line ${section.number}: ${section.text}`}
      onClick={() => onGo(section.number)}
      className="mr-2 flex min-w-0 grow items-center gap-2 text-left font-mono text-xs text-ink-soft hover:text-ink @max-sm:invisible"
    >
      <span aria-hidden className={`font-sans ${section.kind === 'error' ? 'text-bad' : 'text-accent'}`}>
        {section.kind === 'error' ? '✕' : '❯'}
      </span>
      <span className="truncate">{entryTitle(section).title}</span>
    </button>
  )
}
