import type { FileKind, FileList } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { CornerLeftUp, File, FileCode2, Folder, type LucideIcon, Search } from 'lucide-react'
import { useState } from 'react'
import { GridList, GridListItem } from 'react-aria-components/GridList'
import { Note } from '../design/Note.tsx'
import { directoryName } from '../format/path.ts'
import { formatBytes } from '../format/quantity.ts'
import { directoryQuery } from '../gateway/queries.ts'

const KIND_ICON: Readonly<Record<FileKind, LucideIcon>> = { directory: Folder, 'do-file': FileCode2, file: File }

export type FileBrowserProps = { selected: string | null; onChoose: (path: string) => void }

/** Walks the directories under the allowed roots; only do-files can be chosen. */
export function FileBrowser({ selected, onChoose }: FileBrowserProps) {
  const [wanted, setWanted] = useState<string | null>(() =>
    selected === null ? null : directoryName(selected) || null,
  )
  const [filter, setFilter] = useState('')
  const { data: listed, error, isPlaceholderData } = useQuery(directoryQuery(wanted))
  // One root needs no list of roots.
  const onlyRoot = listed?.path === null && listed.entries.length === 1 ? listed.entries[0] : undefined
  const { data: root } = useQuery({ ...directoryQuery(onlyRoot?.path ?? null), enabled: onlyRoot !== undefined })
  const list = onlyRoot === undefined ? listed : root
  const open = (path: string | null) => {
    setWanted(path)
    setFilter('')
  }
  return (
    <section aria-label="Files" className="flex min-h-72 flex-1 flex-col px-2 pt-3 pb-2">
      <h2 className="truncate px-2 text-xs font-semibold text-ink-faint" title={list?.path ?? undefined}>
        {list?.path ?? 'Allowed directories'}
      </h2>
      <div className="relative mx-2 mt-2">
        <Search size={14} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-ink-faint" />
        <input
          type="search"
          aria-label="Filter these files"
          placeholder="Filter"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
          className="h-8 w-full rounded-md border border-line bg-raised pr-2 pl-8 text-sm placeholder:text-ink-faint"
        />
      </div>
      {error === null ? null : (
        <div className="m-2">
          <Note tone="bad" announce>
            {error.message}{' '}
            <button type="button" className="underline" onClick={() => open(null)}>
              Show the allowed directories
            </button>
          </Note>
        </div>
      )}
      {list === undefined || error !== null ? null : (
        <Entries
          list={list}
          filter={filter}
          stale={isPlaceholderData}
          selected={selected}
          onOpen={open}
          onChoose={onChoose}
        />
      )}
    </section>
  )
}

const UP = '..'

function Entries({
  list,
  filter,
  stale,
  selected,
  onOpen,
  onChoose,
}: FileBrowserProps & { list: FileList; filter: string; stale: boolean; onOpen: (path: string | null) => void }) {
  const text = filter.trim().toLowerCase()
  const entries = list.entries.filter(({ name }) => name.toLowerCase().includes(text))
  const act = (key: string) => {
    if (key === UP) return onOpen(list.parent)
    const entry = list.entries.find(({ path }) => path === key)
    if (entry?.kind === 'directory') onOpen(entry.path)
    else if (entry?.kind === 'do-file') onChoose(entry.path)
  }
  return (
    <>
      <GridList
        aria-label={list.path === null ? 'Allowed directories' : `Files in ${list.path}`}
        className={`mt-2 min-h-0 flex-1 overflow-auto ${stale ? 'opacity-60' : ''}`}
        onAction={(key) => act(String(key))}
        disabledKeys={entries.filter(({ kind }) => kind === 'file').map(({ path }) => path)}
        renderEmptyState={() => (
          <p className="px-2 py-6 text-center text-ink-faint">
            {list.entries.length === 0 ? 'This directory is empty.' : 'No name has this text.'}
          </p>
        )}
      >
        {list.parent === null ? null : <Row id={UP} Icon={CornerLeftUp} name="Up" text="The directory above" />}
        {entries.map(({ name, path, kind, bytes }) => (
          <Row
            key={path}
            id={path}
            Icon={KIND_ICON[kind]}
            name={name}
            text={name}
            detail={kind === 'directory' || bytes === null ? '' : formatBytes(bytes)}
            current={path === selected}
          />
        ))}
      </GridList>
      {list.truncated ? (
        <p className="px-2 pt-2 text-xs text-ink-faint">
          There are more files here than are shown: type the whole path.
        </p>
      ) : null}
    </>
  )
}

type RowProps = { id: string; Icon: LucideIcon; name: string; text: string; detail?: string; current?: boolean }

function Row({ id, Icon, name, text, detail = '', current = false }: RowProps) {
  return (
    <GridListItem
      id={id}
      textValue={text}
      className={`flex cursor-pointer items-center gap-2 rounded-md px-2 py-1 -outline-offset-2 data-disabled:cursor-default data-disabled:text-ink-faint ${current ? 'bg-selected font-medium' : 'data-hovered:bg-hover'}`}
    >
      <Icon size={15} aria-hidden className="shrink-0 text-ink-faint" />
      <span className="min-w-0 grow truncate">{name}</span>
      <span className="shrink-0 text-xs font-normal text-ink-faint tabular-nums">{detail}</span>
    </GridListItem>
  )
}
