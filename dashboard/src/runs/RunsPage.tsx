import { isEnded, type Run } from '@tailgate/client'
import { useQuery } from '@tanstack/react-query'
import { Inbox, SearchX, Unplug } from 'lucide-react'
import { useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { buttonClass } from '../design/Button.tsx'
import { ConfirmDialog } from '../design/ConfirmDialog.tsx'
import { EmptyState } from '../design/EmptyState.tsx'
import { baseName } from '../format/path.ts'
import { runsQuery } from '../gateway/queries.ts'
import { useShortcuts } from '../shell/shortcuts.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { listRequest, RUNS_PAGE_SIZE } from './list-request.ts'
import { RunsFilter } from './RunsFilter.tsx'
import { RunsTable } from './RunsTable.tsx'
import { useRunActions } from './use-run-actions.ts'
import { useMayRun, useRunCan } from './use-run-can.ts'

/** All runs, newest first; what is shown is in the address. */
export function RunsPage() {
  const [params, setParams] = useSearchParams()
  const { data: page, error, isPending } = useQuery(runsQuery(listRequest(params)))
  const [removing, setRemoving] = useState<Run | null>(null)
  const actions = useRunActions()
  const runCan = useRunCan()
  const mayRun = useMayRun()
  const search = useRef<HTMLInputElement>(null)
  const runs = page?.runs ?? []
  const active = runs.filter((run) => !isEnded(run.state)).length
  usePageTitle(active > 0 ? `${active} active · Runs` : 'Runs')

  const focused = () => runs.find(({ id }) => id === focusedRow()?.dataset.runId)
  const onFocused = (act: (run: Run) => void, may: (run: Run) => boolean) => () => {
    const run = focused()
    if (run !== undefined && may(run)) act(run)
  }
  useShortcuts('Runs', [
    { key: '/', what: 'Search', run: () => search.current?.focus() },
    { key: 'j', what: 'Next run', run: () => moveFocus(1) },
    { key: 'k', what: 'Previous run', run: () => moveFocus(-1) },
    { key: 'c', what: 'Cancel the run', run: onFocused(actions.cancel, runCan.cancel) },
    { key: 'r', what: 'Run again', run: onFocused(actions.runAgain, runCan.runAgain) },
    { key: 'x', what: 'Delete the run', run: onFocused(setRemoving, runCan.remove) },
  ])

  const older = page?.next ?? null
  const paged = params.has('before')
  const filtered = ['state', 'q', 'file'].some((name) => params.has(name))
  // There is nothing to choose from yet.
  const isNew = page !== undefined && runs.length === 0 && !filtered && !paged
  const withParam = (name: string, value: string | null) => {
    const next = new URLSearchParams(params)
    if (value === null) next.delete(name)
    else next.set(name, value)
    return next.size === 0 ? '/' : `/?${next}`
  }
  return (
    <div className="min-h-0 grow overflow-y-auto">
      <div className="mx-auto w-full max-w-7xl px-4 pt-5 pb-10">
        <h1 className="sr-only">Runs</h1>
        {isNew ? null : <RunsFilter searchRef={search} params={params} setParams={setParams} />}
        {page !== undefined && runs.length > 0 ? (
          <RunsTable runs={runs} actions={actions} onRemove={setRemoving} />
        ) : isPending ? (
          <p className="py-16 text-center text-ink-faint">Loading the runs…</p>
        ) : page === undefined ? (
          <EmptyState icon={Unplug} title="The runs cannot be shown now">
            {error?.message} This page tries again by itself.
          </EmptyState>
        ) : !isNew ? (
          <EmptyState icon={SearchX} title="No run is like that">
            <Link href="/" className="text-accent underline">
              Show all runs
            </Link>
          </EmptyState>
        ) : (
          <EmptyState icon={Inbox} title="Nothing has run yet">
            <p>Start a do-file here, with curl, or from a program: it will be in this list.</p>
            {mayRun ? (
              <Link href="/start" className={`mt-4 ${buttonClass('primary')}`}>
                Start a run
              </Link>
            ) : null}
          </EmptyState>
        )}
        {paged || older !== null ? (
          <nav aria-label="Pages of runs" className="mt-4 flex items-center justify-between gap-2">
            <span className="text-xs text-ink-faint">{RUNS_PAGE_SIZE} runs a page, newest first</span>
            <span className="flex gap-2">
              {paged ? (
                <Link href={withParam('before', null)} className={`${buttonClass()} hover:bg-hover`}>
                  Newest
                </Link>
              ) : null}
              {older !== null ? (
                <Link href={withParam('before', older)} className={`${buttonClass()} hover:bg-hover`}>
                  Older
                </Link>
              ) : null}
            </span>
          </nav>
        ) : null}
      </div>
      {removing === null ? null : (
        <ConfirmDialog
          title={`Delete the run of ${baseName(removing.file)}?`}
          confirm="Delete the run"
          onConfirm={() => actions.remove(removing)}
          onClose={() => setRemoving(null)}
        >
          Its record and its log go for good. The do-file and the files that it saved stay where they are.
        </ConfirmDialog>
      )}
    </div>
  )
}

const ROWS = '[data-run-id]'

function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(ROWS) ?? null
}

function moveFocus(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)]
  const current = focusedRow()
  const at = current === null ? (by === 1 ? -1 : rows.length) : rows.indexOf(current)
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))]
  next?.querySelector('a')?.focus()
}
