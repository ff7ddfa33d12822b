import type { Run } from '@tailgate/client'
import { countOf, formatCount } from '../format/quantity.ts'

/** How far a run is, as one bar: the best of what its record tells. */
export type RunProgress = {
  /** 0 to 1; null when the end is not known. */
  readonly fraction: number | null
  /** In words, such as `Statement 3 of 12`; null when there is nothing to say. */
  readonly label: string | null
}

/**
 * Replications come first, since they count what takes the time; then the estimate from earlier runs; then the
 * statements, which are not equally long. Null when the run is not going.
 */
export function runProgress(run: Pick<Run, 'state' | 'progress'>): RunProgress | null {
  if (run.state !== 'running' && run.state !== 'cancelling') return null
  const { replications, estimate, statement } = run.progress
  if (replications !== null && replications.total !== null && replications.total > 0) {
    return {
      fraction: Math.min(1, replications.done / replications.total),
      label: `${formatCount(replications.done)} of ${countOf(replications.total, 'replication')}`,
    }
  }
  if (estimate !== null) return { fraction: estimate.percent / 100, label: `${Math.floor(estimate.percent)}%` }
  if (statement !== null && statement.total > 1) {
    return {
      fraction: (statement.current - 1) / statement.total,
      label: `Statement ${statement.current} of ${statement.total}`,
    }
  }
  return { fraction: null, label: null }
}
