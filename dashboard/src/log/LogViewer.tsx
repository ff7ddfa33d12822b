import './log.css'
import { isEnded, type Run, type TailgateClient } from '@tailgate/client'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { Note } from '../design/Note.tsx'
import { useSelected } from '../gateway/store.ts'
import { useShortcuts } from '../shell/shortcuts.ts'
import { delay } from '../stream/tab-visibility.ts'
import { ErrorTicks } from './ErrorTicks.tsx'
import { FindBar } from './FindBar.tsx'
import { GoToBar } from './GoToBar.tsx'
import { LogAnnouncer } from './LogAnnouncer.tsx'
import { LogLines } from './LogLines.tsx'
import { LogToolbar } from './LogToolbar.tsx'
import type { LogCommands } from './log-commands.ts'
import { LogFind } from './log-find.ts'
import { logShortcuts } from './log-shortcuts.ts'
import { matchPattern } from './mark-matches.ts'
import { NewLines } from './NewLines.tsx'
import { OutlinePanel } from './OutlinePanel.tsx'
import { PointedLines } from './PointedLines.tsx'
import type { Log } from './use-log.ts'
import { type LogPanels, useLogCommands } from './use-log-commands.ts'
import { WholeLineDialog } from './WholeLineDialog.tsx'

export type LogViewerProps = {
  run: Run
  log: Log
  client: TailgateClient
}

/** The log of a run, of whatever length, live. Give it the run's id as its key. */
export function LogViewer({ run, log, client: { runs } }: LogViewerProps) {
  const find = useFind(log, run.id, runs)
  const [bar, setBar] = useState<'find' | 'go-to' | null>(null)
  const [outlineOpen, setOutlineOpen] = useState(false)
  const [wholeLine, setWholeLine] = useState<number | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const lines = useRef<HTMLDivElement>(null)

  const open = useRef(bar)
  open.current = bar
  const panels = useMemo((): LogPanels => {
    const closeBar = () => {
      const wasOpen = open.current !== null
      if (open.current === 'find') find.ask(null)
      setBar(null)
      if (wasOpen) lines.current?.focus()
      return wasOpen
    }
    return {
      openBar: (name) => {
        setBar(name)
        input.current?.select()
        input.current?.focus()
      },
      closeBar,
      toggleOutline: () => setOutlineOpen((isOpen) => !isOpen),
    }
  }, [find])
  const commands = useLogCommands({ log, runId: run.id, runs, find, panels })

  const { view, outline } = log
  const going = !isEnded(run.state)
  const isEmpty = useSelected(view.state, ({ viewport }) => viewport.count === 0)
  const query = useSelected(find.state, ({ query }) => query)
  const foundLine = useSelected(find.state, ({ line }) => line)
  const pattern = useMemo(() => (query === null ? null : matchPattern(query.text, query.ignoreCase)), [query])

  return (
    <div className="@container flex min-h-0 grow flex-col">
      <LogKeys commands={commands} />
      <LogToolbar commands={commands} view={view} outline={outline.state} going={going} outlineOpen={outlineOpen} />
      {bar === 'find' ? <FindBar find={find} inputRef={input} onClose={panels.closeBar} /> : null}
      {bar === 'go-to' ? (
        <GoToBar model={log.model} onGo={(range) => view.show(range)} onClose={panels.closeBar} />
      ) : null}
      <LoadFailure log={log} />
      <div className="relative flex min-h-0 grow">
        <div className="relative flex min-h-0 min-w-0 grow flex-col">
          {isEmpty ? <NoLines run={run} /> : null}
          <LogLines ref={lines} log={log} pattern={pattern} foundLine={foundLine} onShowWhole={setWholeLine} />
          <ErrorTicks view={view} outline={outline.state} />
          <NewLines view={view} going={going} onFollow={commands.toEnd} />
        </div>
        {outlineOpen ? (
          <OutlinePanel
            outline={outline.state}
            view={view}
            onGo={({ number, lines }) => view.show({ first: number, last: number + lines - 1 })}
            onClose={panels.toggleOutline}
          />
        ) : null}
      </div>
      <PointedLines view={view} commands={commands} />
      <LogAnnouncer log={log} />
      {wholeLine === null ? null : (
        <WholeLineDialog number={wholeLine} runId={run.id} runs={runs} onClose={() => setWholeLine(null)} />
      )}
    </div>
  )
}

function useFind({ model, view }: Log, runId: string, runs: TailgateClient['runs']): LogFind {
  const [find] = useState(() => new LogFind({ runId, search: runs.search, model, view, delay }))
  useEffect(() => () => find.stop(), [find])
  return find
}

/** Apart from the rest, since the lines change all the time and the keys do not. */
function LogKeys({ commands }: { commands: LogCommands }) {
  useShortcuts('Log', logShortcuts(commands))
  return null
}

function LoadFailure({ log: { model } }: { log: Log }) {
  const failure = useSyncExternalStore(model.subscribe, () => model.failure)
  if (failure === null) return null
  return (
    <div className="p-2">
      <Note tone="warn" announce>
        Some lines cannot be loaded at the moment. {failure.message} Trying again…
      </Note>
    </div>
  )
}

function NoLines({ run }: { run: Run }) {
  return <p className="absolute inset-x-0 top-8 z-10 px-4 text-center text-ink-faint">{whyNoLines(run)}</p>
}

function whyNoLines(run: Run): string {
  if (isEnded(run.state)) return 'This run wrote no log.'
  if (run.log.lines > 0) return 'Loading the log…'
  if (run.state === 'queued') return 'The run is waiting for its turn. Its log appears here as soon as it starts.'
  return 'No line yet. They appear here as they are written.'
}
