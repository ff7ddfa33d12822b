import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { baseName } from '../format/path.ts'
import { usePageTitle } from '../shell/use-page-title.ts'
import { DoFilePreview } from './DoFilePreview.tsx'
import { FileBrowser } from './FileBrowser.tsx'
import { RecentFiles } from './RecentFiles.tsx'
import { StartForm } from './StartForm.tsx'
import { parseStartDraft } from './start-address.ts'

/** Chooses a do-file, says how to run it, and starts it. The choice stands in the address. */
export function StartPage() {
  const [params, setParams] = useSearchParams()
  const draft = parseStartDraft(params)
  const { file } = draft
  usePageTitle(file === null ? 'Start a run' : `Start ${baseName(file)}`)
  // What was typed belongs to one do-file: with another one the form begins anew.
  const [chosen, setChosen] = useState(0)
  const choose = (path: string) => {
    setParams({ file: path })
    setChosen(chosen + 1)
  }
  return (
    <div className="grid min-h-0 grow overflow-y-auto lg:grid-cols-[minmax(18rem,26rem)_minmax(0,1fr)] lg:grid-rows-[minmax(0,1fr)] lg:overflow-hidden">
      <div className="flex min-h-0 flex-col border-line lg:border-r">
        <h1 className="px-4 pt-4 text-lg font-semibold tracking-tight">Start a run</h1>
        <RecentFiles selected={file} onChoose={choose} />
        <FileBrowser selected={file} onChoose={choose} />
      </div>
      <div className="flex min-h-0 flex-col">
        <StartForm key={chosen} draft={draft} />
        <DoFilePreview file={file} />
      </div>
    </div>
  )
}
