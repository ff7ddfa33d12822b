import type { Run } from '@tailgate/client'
import { baseName } from '../format/path.ts'
import { runProgress } from '../runs/run-progress.ts'
import { STATE_LABEL } from '../runs/run-states.ts'

/** What a tab says of its run: how far it is, or how it ended, and which do-file it is. */
export function runTitle(run: Run): string {
  const name = baseName(run.file)
  const rc = run.outcome?.rc ?? 0
  if (run.state === 'failed' && rc !== 0) return `r(${rc}) ${name}`
  const fraction = runProgress(run)?.fraction ?? null
  if (run.state === 'running' && fraction !== null) return `${Math.floor(fraction * 100)}% ${name}`
  return `${STATE_LABEL[run.state]} ${name}`
}
