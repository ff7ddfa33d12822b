import { Compass } from 'lucide-react'
import { Link } from 'wouter'
import { EmptyState } from './design/EmptyState.tsx'
import { usePageTitle } from './shell/use-page-title.ts'

export function NotFoundPage() {
  usePageTitle('Nothing here')
  return (
    <EmptyState icon={Compass} wholePage title="There is nothing at this address">
      <Link href="/" className="text-accent underline">
        Show the runs
      </Link>
    </EmptyState>
  )
}
