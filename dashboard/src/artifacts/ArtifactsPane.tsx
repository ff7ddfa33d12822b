import { type Artifact, isEnded, type Run } from '@tailgate/client'
import { Download, File, FileSpreadsheet, Files, FileText, ImageOff, type LucideIcon, Table2 } from 'lucide-react'
import { useState } from 'react'
import { buttonClass } from '../design/Button.tsx'
import { EmptyState } from '../design/EmptyState.tsx'
import { relativeTo } from '../format/path.ts'
import { formatBytes } from '../format/quantity.ts'
import { gateway } from '../gateway/gateway.ts'
import { GraphViewer } from './GraphViewer.tsx'
import { isShownInPlace } from './shown-in-place.ts'

const KIND_ICON: Readonly<Record<Artifact['kind'], LucideIcon>> = {
  graph: ImageOff,
  dataset: Table2,
  table: FileSpreadsheet,
  document: FileText,
  log: FileText,
  other: File,
}

/** What the run has saved: graphs to look at as they come, and everything to download. */
export function ArtifactsPane({ run }: { run: Run }) {
  const [open, setOpen] = useState<number | null>(null)
  const graphs = run.artifacts.filter(isShownInPlace)
  const others = run.artifacts.filter((artifact) => !isShownInPlace(artifact))
  if (run.artifacts.length === 0) {
    return (
      <EmptyState icon={Files} title={isEnded(run.state) ? 'The run saved no files' : 'Nothing saved yet'}>
        Graphs, tables and datasets are listed here as soon as the log says that they were saved.
      </EmptyState>
    )
  }
  return (
    <div className="p-4">
      {graphs.length === 0 ? null : (
        <ul aria-label="Graphs" className="grid grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] gap-3">
          {graphs.map((graph) => (
            <li key={graph.index}>
              <button
                type="button"
                onClick={() => setOpen(graphs.indexOf(graph))}
                className="block w-full overflow-hidden rounded-md border border-line bg-raised text-left hover:border-line-strong"
              >
                {/* Graphs have a white ground of their own, in either theme. */}
                <img
                  src={`${gateway.runs.artifactUrl(run.id, graph.index)}?${graph.modifiedAt}`}
                  alt={`Graph ${graph.name}`}
                  loading="lazy"
                  className="aspect-[4/3] w-full bg-white object-contain"
                />
                <span className="flex items-baseline justify-between gap-2 border-t border-line px-2.5 py-1.5 text-xs">
                  <span className="truncate font-medium">{graph.name}</span>
                  <span className="shrink-0 text-ink-faint tabular-nums">line {graph.logLine}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {others.length === 0 ? null : (
        <ul aria-label="Files" className={graphs.length === 0 ? '' : 'mt-5'}>
          {others.map((artifact) => (
            <FileRow key={artifact.index} run={run} artifact={artifact} />
          ))}
        </ul>
      )}
      {open === null ? null : (
        <GraphViewer run={run} graphs={graphs} at={open} onMove={setOpen} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}

function FileRow({ run, artifact }: { run: Run; artifact: Artifact }) {
  const Icon = KIND_ICON[artifact.kind]
  return (
    <li className="flex items-center gap-3 border-b border-line py-2 last:border-0">
      <Icon size={16} aria-hidden className="shrink-0 text-ink-faint" />
      <div className="min-w-0 grow">
        <p className="truncate font-medium" title={artifact.path}>
          {relativeTo(artifact.path, run.workingDir)}
        </p>
        <p className="text-xs text-ink-faint tabular-nums">
          {artifact.kind}
          {artifact.bytes === null ? ' · not there any more' : ` · ${formatBytes(artifact.bytes)}`} ·{' '}
          <a href={`#L${artifact.logLine}`} className="underline hover:text-ink">
            line {artifact.logLine}
          </a>
        </p>
      </div>
      {artifact.bytes === null ? null : (
        <a
          href={gateway.runs.artifactUrl(run.id, artifact.index)}
          download={artifact.name}
          aria-label={`Download ${artifact.name}`}
          className={`${buttonClass('quiet', 'icon')} hover:bg-hover`}
        >
          <Download size={16} aria-hidden />
        </a>
      )}
    </li>
  )
}
