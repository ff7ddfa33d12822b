import type { Run } from '@tailgate/client'

/** The do-files of the newest runs, each once. */
export function recentFiles(runs: readonly Pick<Run, 'file'>[], limit: number): string[] {
  return [...new Set(runs.map(({ file }) => file))].slice(0, limit)
}
