import type { Run } from '@tailgate/client'

export function ArtifactsPane({ run }: { run: Run }) {
  return <p className="p-4">{run.artifacts.length}</p>
}
