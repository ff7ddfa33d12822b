import type { Run } from '@tailgate/client'

export function PlotsPane({ run }: { run: Run }) {
  return <p className="p-4">{run.log.lines}</p>
}
