import type { Run } from '@tailgate/client'
import { FileQuestion, Unplug } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { ArtifactsPane } from '../artifacts/ArtifactsPane.tsx'
import { ConfirmDialog } from '../design/ConfirmDialog.tsx'
import { EmptyState } from '../design/EmptyState.tsx'
import { baseName } from '../format/path.ts'
import { gateway } from '../gateway/gateway.ts'
import { useStore } from '../gateway/store.ts'
import { LogViewer } from '../log/LogViewer.tsx'
import { type Log, useLog } from '../log/use-log.ts'
import { useRunActions } from '../runs/use-run-actions.ts'
import { useRunCan } from '../runs/use-run-can.ts'
import { useShortcuts } from '../shell/shortcuts.ts'
import { useMediaQuery } from '../shell/use-media-query.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { SourcePane } from '../source/SourcePane.tsx'
import type { RunStream } from '../stream/run-stream.ts'
import { useRunStream } from '../stream/use-run-stream.ts'
import { DetailsPane } from './DetailsPane.tsx'
import { FailureNote } from './FailureNote.tsx'
import { PaneNav } from './PaneNav.tsx'
import { type Pane, parsePane } from './panes.ts'
import { RunHeader } from './RunHeader.tsx'
import { runTitle } from './run-title.ts'
import { useEndAnnouncement } from './use-end-announcement.ts'
import { useEndNotification } from './use-end-notification.ts'

const PlotsPane = lazy(() => import('../plots/PlotsPane.tsx').then(({ PlotsPane }) => ({ default: PlotsPane })))

/** One run: what it does now, its log, and what else there is to see of it. Render it with the run's id as its key. */
export function RunPage({ runId }: { runId: string }) {
  const stream = useRunStream(runId)
  const { run, connection } = useStore(stream.state)
  usePageTitle(run === null ? 'Run' : runTitle(run), run?.state ?? null)
  if (run !== null) return <LoadedRun run={run} stream={stream} />
  if (connection.type === 'failed') {
    return (
      <EmptyState icon={FileQuestion} wholePage title="This run cannot be shown">
        <p>{connection.error.message}</p>
        <Link href="/" className="mt-3 inline-block text-accent underline">
          Show the runs
        </Link>
      </EmptyState>
    )
  }
  if (connection.type === 'reconnecting') {
    return (
      <EmptyState icon={Unplug} wholePage title="The gateway does not answer">
        {connection.error.message} This page tries again by itself.
      </EmptyState>
    )
  }
  return <p className="py-16 text-center text-ink-faint">Loading the run…</p>
}

function LoadedRun({ run, stream }: { run: Run; stream: RunStream }) {
  const { connection } = useStore(stream.state)
  const log = useLog(run.id, gateway.runs, stream)
  const [params] = useSearchParams()
  const [, navigate] = useLocation()
  const [removing, setRemoving] = useState(false)
  const actions = useRunActions()
  const runCan = useRunCan()
  const notification = useEndNotification(run)
  useEndAnnouncement(run)
  const wide = useMediaQuery('(min-width: 64rem)')
  const pane = parsePane(params.get('show')) ?? (wide ? 'do-file' : 'log')
  const show = (next: Pane) => navigate(`/run/${run.id}?show=${next}${location.hash}`, { replace: true })
  // On a narrow screen the log lies behind the other parts, and a link to one of its lines must bring it forward.
  const showLog = () => {
    if (!wide) show('log')
  }

  useShortcuts('This run', [
    ...(runCan.cancel(run) ? [{ key: 'c', what: 'Cancel the run', run: () => actions.cancel(run) }] : []),
    ...(runCan.runAgain(run) ? [{ key: 'r', what: 'Run again', run: () => actions.runAgain(run) }] : []),
    ...(runCan.remove(run) ? [{ key: 'x', what: 'Delete the run', run: () => setRemoving(true) }] : []),
    ...(notification.possible ? [{ key: 'b', what: 'Tell me when it ends', run: notification.toggle }] : []),
    { key: 'l', what: 'Only the log', run: () => show('log') },
    { key: 'd', what: 'The do-file', run: () => show('do-file') },
    { key: 'a', what: 'The files it saved', run: () => show('files') },
    { key: 'p', what: 'Plots', run: () => show('plots') },
    { key: 'i', what: 'Details', run: () => show('details') },
  ])

  return (
    <>
      <RunHeader
        run={run}
        connection={connection}
        actions={actions}
        notification={notification}
        onRemove={() => setRemoving(true)}
      />
      <FailureNote run={run} onGo={showLog} />
      <PaneNav run={run} pane={pane} />
      <div className={`grid min-h-0 grow ${pane === 'log' ? '' : 'lg:grid-cols-[minmax(0,1fr)_minmax(22rem,38%)]'}`}>
        <section aria-label="Log" className={`min-h-0 min-w-0 flex-col ${pane === 'log' ? 'flex' : 'hidden lg:flex'}`}>
          <LogViewer run={run} log={log} client={gateway} />
        </section>
        {pane === 'log' ? null : (
          <section
            aria-label={PANE_LABEL[pane]}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
            tabIndex={0}
            className="min-h-0 min-w-0 overflow-auto border-line -outline-offset-2 lg:border-l"
          >
            <Suspense fallback={<p className="p-4 text-ink-faint">Loading…</p>}>
              {PANE[pane]({ run, log, onGo: showLog })}
            </Suspense>
          </section>
        )}
      </div>
      {removing ? (
        <ConfirmDialog
          title={`Delete the run of ${baseName(run.file)}?`}
          confirm="Delete the run"
          onConfirm={() => {
            actions.remove(run)
            navigate('/')
          }}
          onClose={() => setRemoving(false)}
        >
          Its record and its log go for good. The do-file and the files that it saved stay where they are.
        </ConfirmDialog>
      ) : null}
    </>
  )
}

type SidePane = Exclude<Pane, 'log'>

const PANE_LABEL: Readonly<Record<SidePane, string>> = {
  'do-file': 'Do-file',
  files: 'Files',
  plots: 'Plots',
  details: 'Details',
}

type PaneProps = {
  run: Run
  log: Log
  /** A line of the log is to be seen. */
  onGo: () => void
}

const PANE: Readonly<Record<SidePane, (props: PaneProps) => ReactNode>> = {
  'do-file': (props) => <SourcePane {...props} />,
  files: ({ run }) => <ArtifactsPane run={run} />,
  plots: ({ run }) => <PlotsPane run={run} />,
  details: ({ run }) => <DetailsPane run={run} />,
}
