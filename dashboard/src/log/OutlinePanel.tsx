import { useVirtualizer } from '@tanstack/react-virtual'
import { ListFilter, X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { IconButton } from '../design/Button.tsx'
import { formatCount } from '../format/quantity.ts'
import { type Store, useSelected } from '../gateway/store.ts'
import type { LogView } from './log-view.ts'
import {
  entryTitle,
  indexAtOrBefore,
  MAX_COMMANDS,
  matching,
  type Outline,
  type OutlineEntry,
  withoutWrapper,
} from './outline.ts'

export type OutlinePanelProps = {
  outline: Store<Outline>
  view: LogView
  onGo: (entry: OutlineEntry) => void
  onClose: () => void
}

const ENTRY_HEIGHT = 28

/** The commands and errors of the log, to jump to; comments of the do-file serve as its headings. */
export function OutlinePanel({ outline, view, onGo, onClose }: OutlinePanelProps) {
  const listed = useSelected(outline, ({ entries }) => entries)
  const all = useMemo(() => withoutWrapper(listed), [listed])
  const isFull = useSelected(outline, ({ isFull }) => isFull)
  const [filter, setFilter] = useState('')
  const panel = useRef<HTMLElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const entries = useMemo(() => matching(all, filter), [all, filter])
  const current = useSelected(view.state, ({ viewport }) => indexAtOrBefore(entries, viewport.position.row + 1))
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => list.current,
    estimateSize: () => ENTRY_HEIGHT,
    overscan: 10,
  })
  useEffect(() => {
    if (current >= 0 && !list.current?.contains(document.activeElement)) virtualizer.scrollToIndex(current)
  }, [virtualizer, current])
  const go = (entry: OutlineEntry) => {
    onGo(entry)
    // On a narrow screen it lies over the lines that one wants to see.
    const width = panel.current?.parentElement?.clientWidth ?? 0
    if ((panel.current?.offsetWidth ?? 0) > width / 2) onClose()
  }
  return (
    <nav
      ref={panel}
      aria-label="Outline of the log"
      className="absolute inset-y-0 right-0 z-10 flex w-full max-w-80 flex-col border-l border-line bg-raised shadow-overlay @5xl:static @5xl:w-72 @5xl:shrink-0 @5xl:shadow-none"
    >
      <div className="flex h-10 shrink-0 items-center gap-1.5 border-b border-line pr-1 pl-3">
        <ListFilter size={14} aria-hidden className="text-ink-faint" />
        <input
          type="text"
          aria-label="Filter the outline"
          placeholder={`${formatCount(all.length)} commands and errors`}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="h-7 min-w-0 grow rounded-sm bg-transparent px-1 text-sm placeholder:text-ink-faint"
        />
        <IconButton label="Hide the outline" shortcut="o" onPress={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div ref={list} tabIndex={0} className="min-h-0 grow overflow-y-auto -outline-offset-2 py-1">
        <ol className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const entry = entries[index]
            return entry === undefined ? null : (
              <li key={entry.number} className="absolute inset-x-0" style={{ top: start, height: ENTRY_HEIGHT }}>
                <Entry entry={entry} isCurrent={index === current} onGo={go} />
              </li>
            )
          })}
        </ol>
        {entries.length > 0 ? null : (
          <p className="px-4 py-3 text-sm text-ink-faint">
            {all.length === 0 ? 'The log has no commands so far.' : 'No command has this in it.'}
          </p>
        )}
      </div>
      {isFull ? (
        <p className="border-t border-line px-3 py-2 text-xs text-ink-faint">
          The first {formatCount(MAX_COMMANDS)} commands are listed; the keys ] and e go to all there are.
        </p>
      ) : null}
    </nav>
  )
}

type EntryProps = { entry: OutlineEntry; isCurrent: boolean; onGo: (entry: OutlineEntry) => void }

function Entry({ entry, isCurrent, onGo }: EntryProps) {
  const { isComment, title } = entryTitle(entry)
  const isError = entry.kind === 'error'
  const look = isError ? 'text-bad' : isComment ? 'font-sans font-semibold text-ink' : 'font-mono text-ink-soft'
  return (
    <button
      type="button"
      title={entry.text}
      aria-current={isCurrent ? 'location' : undefined}
      onClick={() => onGo(entry)}
      className={`flex h-full w-full items-center gap-2 border-l-2 pr-3 pl-2.5 text-left text-xs -outline-offset-2 hover:bg-hover hover:text-ink ${isCurrent ? 'border-accent bg-selected' : 'border-transparent'} ${look}`}
    >
      {isComment ? null : (
        <span aria-hidden className="w-3 shrink-0">
          {isError ? '✕' : ''}
        </span>
      )}
      <span className="min-w-0 grow truncate">
        {isError ? <span className="sr-only">Error: </span> : null}
        {title === '' ? '—' : title}
      </span>
      <span className="shrink-0 font-sans font-normal text-ink-faint tabular-nums">{formatCount(entry.number)}</span>
    </button>
  )
}
