import { FileCode2, Search, X } from 'lucide-react'
import { type Ref, useDeferredValue, useEffect, useState } from 'react'
import { baseName } from '../format/path.ts'
import { parseStateGroup, STATE_GROUPS, type StateGroup } from './run-states.ts'

export type RunsFilterProps = {
  searchRef: Ref<HTMLInputElement>
  params: URLSearchParams
  setParams: (next: URLSearchParams, options?: { replace?: boolean }) => void
}

const GROUPS = Object.keys(STATE_GROUPS).map(parseStateGroup)

/** Which runs are shown: by state, by text, and by do-file. */
export function RunsFilter({ searchRef, params, setParams }: RunsFilterProps) {
  const group = parseStateGroup(params.get('state'))
  const file = params.get('file')
  const change = (changes: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(params)
    next.delete('before')
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') next.delete(name)
      else next.set(name, value)
    }
    setParams(next, { replace: true })
  }
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <fieldset className="flex max-w-full overflow-x-auto rounded-md border border-line bg-raised p-0.5">
        <legend className="sr-only">State</legend>
        {GROUPS.map((name) => (
          <label
            key={name}
            className="cursor-pointer rounded-sm px-2.5 py-1 text-sm font-medium whitespace-nowrap text-ink-soft hover:text-ink has-checked:bg-hover has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="state"
              className="sr-only"
              checked={name === group}
              onChange={() => change({ state: stateParam(name) })}
            />
            {STATE_GROUPS[name].label}
          </label>
        ))}
      </fieldset>
      <SearchBox ref={searchRef} text={params.get('q') ?? ''} onChange={(q) => change({ q })} />
      {file === null ? null : (
        <button
          type="button"
          onClick={() => change({ file: null })}
          className="flex h-8 items-center gap-1.5 rounded-md bg-selected px-2.5 text-sm hover:bg-hover"
        >
          <FileCode2 size={14} aria-hidden />
          <span className="max-w-60 truncate">Only {baseName(file)}</span>
          <X size={14} aria-label="Show runs of all do-files" />
        </button>
      )}
    </div>
  )
}

function stateParam(group: StateGroup): string | null {
  return group === 'all' ? null : group
}

function SearchBox({
  ref,
  text,
  onChange,
}: {
  ref: Ref<HTMLInputElement>
  text: string
  onChange: (text: string) => void
}) {
  const [draft, setDraft] = useState(text)
  const settled = useDeferredValue(draft)
  // Another address may bring another text.
  useEffect(() => setDraft(text), [text])
  useEffect(() => {
    if (settled === text) return
    const timer = setTimeout(() => onChange(settled), 200)
    return () => clearTimeout(timer)
  })
  return (
    <search className="relative min-w-48 grow sm:max-w-80">
      <Search size={15} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-ink-faint" />
      <input
        ref={ref}
        type="search"
        aria-label="Search the runs"
        placeholder="File, argument, person, message"
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          // The browser would clear the text; it is to be left, not lost.
          event.preventDefault()
          event.currentTarget.blur()
        }}
        className="h-8 w-full rounded-md border border-line bg-raised pr-2 pl-8 text-sm placeholder:text-ink-faint"
      />
    </search>
  )
}
