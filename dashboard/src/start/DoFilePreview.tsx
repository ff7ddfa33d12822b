import { useQuery } from '@tanstack/react-query'
import { FileCode2, FileX } from 'lucide-react'
import { EmptyState } from '../design/EmptyState.tsx'
import { doFileQuery } from '../gateway/queries.ts'
import { SourceView } from '../source/SourceView.tsx'

/** The chosen do-file, before it is run. */
export function DoFilePreview({ file }: { file: string | null }) {
  const { data: source, error } = useQuery({ ...doFileQuery(file ?? ''), enabled: file !== null })
  if (file === null) {
    return (
      <EmptyState icon={FileCode2} title="No do-file chosen">
        Choose one on the left to see it here before it runs.
      </EmptyState>
    )
  }
  if (error !== null) {
    return (
      <EmptyState icon={FileX} title="The do-file cannot be shown">
        {error.message}
      </EmptyState>
    )
  }
  return source === undefined ? null : <SourceView text={source.text} label="The chosen do-file" />
}
