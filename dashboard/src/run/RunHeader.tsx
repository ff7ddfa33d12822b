import type { Run } from '@tailgate/client'
import { Bell, BellRing, ChevronRight, CircleStop, Download, PencilLine, RotateCw, Trash2 } from 'lucide-react'
import { Link } from 'wouter'
import { Button, buttonClass, IconButton } from '../design/Button.tsx'
import { ProgressBar } from '../design/ProgressBar.tsx'
import { baseName, directoryName } from '../format/path.ts'
import { gateway } from '../gateway/gateway.ts'
import { RunStateBadge } from '../runs/RunStateBadge.tsx'
import { runProgress } from '../runs/run-progress.ts'
import type { RunActions } from '../runs/use-run-actions.ts'
import { useRunCan } from '../runs/use-run-can.ts'
import { startAddress } from '../start/start-address.ts'
import type { RunConnection } from '../stream/run-stream.ts'
import { RunFacts } from './RunFacts.tsx'
import type { EndNotification } from './use-end-notification.ts'

export type RunHeaderProps = {
  run: Run
  connection: RunConnection
  actions: RunActions
  notification: EndNotification
  onRemove: () => void
}

/** Which run this is, how it goes, and what can be done about it. */
export function RunHeader({ run, connection, actions, notification, onRemove }: RunHeaderProps) {
  const progress = runProgress(run)
  const runCan = useRunCan()
  return (
    <header className="relative shrink-0 border-b border-line bg-raised px-4 py-2.5">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 grow basis-72">
          <div className="flex min-h-8 flex-wrap items-center gap-x-2.5">
            <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight">{baseName(run.file)}</h1>
            <span role="status">
              <RunStateBadge state={run.state} />
            </span>
            <p className="flex min-w-0 items-center text-xs text-ink-faint">
              <Link href={`/?file=${encodeURIComponent(run.file)}`} className="truncate hover:text-ink hover:underline">
                <span className="sr-only">All runs of this do-file, </span>
                {directoryName(run.file)}
              </Link>
              {run.args.length === 0 ? null : (
                <>
                  <ChevronRight size={12} aria-hidden className="mx-0.5 shrink-0" />
                  <span className="truncate font-mono">{run.args.join(' ')}</span>
                </>
              )}
            </p>
            <ConnectionHint connection={connection} />
          </div>
        </div>
        <div className="flex flex-wrap items-center gap-1.5">
          {notification.possible ? (
            <IconButton
              label={notification.on ? 'Do not tell me when it ends' : 'Tell me when it ends'}
              shortcut="b"
              onPress={notification.toggle}
            >
              {notification.on ? (
                <BellRing size={16} aria-hidden className="text-accent" />
              ) : (
                <Bell size={16} aria-hidden />
              )}
            </IconButton>
          ) : null}
          <a
            href={gateway.runs.logUrl(run.id)}
            download={logName(run)}
            className={`${buttonClass('quiet')} hover:bg-hover`}
          >
            <Download size={15} aria-hidden />
            <span className="max-sm:sr-only">Log</span>
          </a>
          {runCan.runAgain(run) ? (
            <>
              <Link href={startAddress(run)} className={`${buttonClass('quiet')} hover:bg-hover`}>
                <PencilLine size={15} aria-hidden />
                <span className="max-sm:sr-only">Edit and run</span>
              </Link>
              <Button onPress={() => actions.runAgain(run)}>
                <RotateCw size={15} aria-hidden />
                Run again
              </Button>
            </>
          ) : null}
          {runCan.cancel(run) ? (
            <Button look="danger" onPress={() => actions.cancel(run)}>
              <CircleStop size={15} aria-hidden />
              Cancel
            </Button>
          ) : null}
          {runCan.remove(run) ? (
            <IconButton label="Delete the run" shortcut="x" onPress={onRemove}>
              <Trash2 size={16} aria-hidden />
            </IconButton>
          ) : null}
        </div>
      </div>
      <RunFacts run={run} />
      {progress === null ? null : (
        <ProgressBar label="Progress" fraction={progress.fraction} valueText={progress.label} place="edge" />
      )}
    </header>
  )
}

function logName(run: Run): string {
  return `${baseName(run.file).replace(/\.[^.]+$/, '')}-${run.id.slice(-6)}.log`
}

/** Says when what is shown may be out of date; nothing while all is well. */
function ConnectionHint({ connection }: { connection: RunConnection }) {
  const text = connectionText(connection)
  return (
    <span role="status" className="text-xs text-warn">
      {text}
    </span>
  )
}

function connectionText(connection: RunConnection): string | null {
  switch (connection.type) {
    case 'connecting':
    case 'live':
    case 'hidden':
    case 'ended':
      return null
    case 'reconnecting':
      return 'Reconnecting… nothing is lost'
    case 'polling':
      return 'Many tabs are open: this one looks every 2 s'
    case 'failed':
      return connection.error.message
  }
}
