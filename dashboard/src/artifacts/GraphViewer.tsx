import type { Artifact, Run } from '@tailgate/client'
import { ChevronLeft, ChevronRight, Download } from 'lucide-react'
import { buttonClass, IconButton } from '../design/Button.tsx'
import { ModalDialog } from '../design/ModalDialog.tsx'
import { formatBytes } from '../format/quantity.ts'
import { gateway } from '../gateway/gateway.ts'

export type GraphViewerProps = {
  run: Run
  graphs: readonly Artifact[]
  /** Which of the graphs is shown. */
  at: number
  onMove: (at: number) => void
  onClose: () => void
}

/** One graph in full size; the arrow keys show the others. */
export function GraphViewer({ run, graphs, at, onMove, onClose }: GraphViewerProps) {
  const graph = graphs[at]
  if (graph === undefined) return null
  const address = gateway.runs.artifactUrl(run.id, graph.index)
  const move = (by: number) => onMove((at + by + graphs.length) % graphs.length)
  return (
    <ModalDialog title={graph.name} width="wide" onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys do what the two buttons do */}
      <div
        onKeyDown={({ key }) => {
          if (key === 'ArrowLeft') move(-1)
          if (key === 'ArrowRight') move(1)
        }}
      >
        <img
          src={`${address}?${graph.modifiedAt}`}
          alt={`Graph ${graph.name}`}
          className="mx-auto max-h-[70dvh] rounded-sm bg-white object-contain"
        />
        <div className="mt-3 flex items-center gap-2">
          <IconButton label="Previous graph" shortcut="←" onPress={() => move(-1)}>
            <ChevronLeft size={16} aria-hidden />
          </IconButton>
          <IconButton label="Next graph" shortcut="→" autoFocus onPress={() => move(1)}>
            <ChevronRight size={16} aria-hidden />
          </IconButton>
          <p role="status" className="text-sm text-ink-soft tabular-nums">
            {at + 1} of {graphs.length}
            {graph.bytes === null ? '' : ` · ${formatBytes(graph.bytes)}`}
          </p>
          <span className="grow" />
          <a href={address} download={graph.name} className={`${buttonClass()} hover:bg-hover`}>
            <Download size={15} aria-hidden />
            Download
          </a>
        </div>
      </div>
    </ModalDialog>
  )
}
