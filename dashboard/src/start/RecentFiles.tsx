import { useQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { baseName, directoryName } from '../format/path.ts'
import { recentRunsQuery } from '../gateway/queries.ts'
import { recentFiles } from './recent-files.ts'

const SHOWN = 5

/** The do-files that ran last. */
export function RecentFiles({ selected, onChoose }: { selected: string | null; onChoose: (path: string) => void }) {
  const { data: page } = useQuery(recentRunsQuery)
  const files = recentFiles(page?.runs ?? [], SHOWN)
  if (files.length === 0) return null
  return (
    <section aria-labelledby="recent-files" className="shrink-0 px-2 pt-3">
      <h2 id="recent-files" className="px-2 text-xs font-semibold text-ink-faint">
        Recent
      </h2>
      <ul className="mt-1">
        {files.map((file) => (
          <li key={file}>
            <button
              type="button"
              onClick={() => onChoose(file)}
              aria-current={file === selected ? 'true' : undefined}
              className={`flex w-full items-center gap-2 rounded-md px-2 py-1 text-left ${file === selected ? 'bg-selected' : 'hover:bg-hover'}`}
            >
              <History size={14} aria-hidden className="shrink-0 text-ink-faint" />
              <span className="shrink-0 font-medium">{baseName(file)}</span>
              <span className="truncate text-xs text-ink-faint" title={file}>
                {directoryName(file)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
