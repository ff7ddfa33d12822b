import { CaseSensitive, ChevronDown, ChevronUp, Search, X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useState } from 'react'
import { IconButton } from '../design/Button.tsx'
import { countOf, formatCount } from '../format/quantity.ts'
import { useStore } from '../gateway/store.ts'
import { barClass } from './bar-class.ts'
import { type FindState, isCounted, matchCount, matchNumber } from './find.ts'
import type { LogFind } from './log-find.ts'

export type FindBarProps = {
  find: LogFind
  inputRef: RefObject<HTMLInputElement | null>
  onClose: () => void
}

/** Searches the whole log: the text, which match is found, the ways to the others. */
export function FindBar({ find, inputRef, onClose }: FindBarProps) {
  const state = useStore(find.state)
  const [text, setText] = useState('')
  const [ignoreCase, setIgnoreCase] = useState(true)
  const ask = (text: string, ignoreCase: boolean) => {
    setText(text)
    setIgnoreCase(ignoreCase)
    find.ask(text === '' ? null : { text, ignoreCase })
  }
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') find.step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
  }
  const hasMatch = state.status === 'found'
  return (
    <search className={barClass}>
      <Search size={14} aria-hidden className="shrink-0 text-ink-faint" />
      <input
        ref={inputRef}
        // biome-ignore lint/a11y/noAutofocus: the bar opens because somebody wants to type here
        autoFocus
        type="text"
        aria-label="Search the log"
        placeholder="Search the whole log"
        spellCheck={false}
        autoComplete="off"
        maxLength={1_000}
        value={text}
        onChange={(event) => ask(event.target.value, ignoreCase)}
        onKeyDown={onKey}
        className="h-7 min-w-0 grow bg-transparent px-1.5 font-mono text-sm outline-none placeholder:font-sans placeholder:text-ink-faint"
      />
      <span role="status" className="shrink-0 px-1 text-xs whitespace-nowrap text-ink-faint tabular-nums">
        {findStatus(state)}
      </span>
      <IconButton label="Match upper and lower case" aria-pressed={!ignoreCase} onPress={() => ask(text, !ignoreCase)}>
        <CaseSensitive size={17} aria-hidden className={ignoreCase ? undefined : 'text-accent'} />
      </IconButton>
      <IconButton label="Previous match" shortcut="N" isDisabled={!hasMatch} onPress={() => find.step(-1)}>
        <ChevronUp size={16} aria-hidden />
      </IconButton>
      <IconButton label="Next match" shortcut="n" isDisabled={!hasMatch} onPress={() => find.step(1)}>
        <ChevronDown size={16} aria-hidden />
      </IconButton>
      <IconButton label="Close the search" shortcut="Esc" onPress={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </search>
  )
}

/** `12 of 340 lines`, and the steps on the way there. */
function findStatus(state: FindState): string {
  switch (state.status) {
    case 'idle':
      return ''
    case 'searching':
      return 'Searching…'
    case 'none':
      return 'No match'
    case 'found': {
      const count = matchCount(state)
      const number = matchNumber(state)
      if (!isCounted(state)) return count === 0 ? 'Counting…' : `${formatCount(count)}… lines`
      return `${number === null ? '' : `${formatCount(number)} of `}${countOf(count, 'line')}`
    }
  }
}
