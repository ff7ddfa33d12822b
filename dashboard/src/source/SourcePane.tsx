import type { Run } from '@tailgate/client'

export function SourcePane({ run }: { run: Run }) {
  return <p className="p-4">{run.file}</p>
}
