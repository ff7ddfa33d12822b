import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

export type EmptyStateProps = {
  icon: LucideIcon
  title: string
  /** It is all that there is on the page, so its title is the page's. */
  wholePage?: boolean
  children?: ReactNode
}

/** What stands where there is nothing to show, and what to do about it. */
export function EmptyState({ icon: Icon, title, wholePage = false, children }: EmptyStateProps) {
  const Heading = wholePage ? 'h1' : 'h2'
  return (
    <div className="grid place-items-center px-6 py-16 text-center">
      <Icon size={28} strokeWidth={1.5} aria-hidden className="text-ink-faint" />
      <Heading className="mt-3 font-semibold">{title}</Heading>
      <div className="mt-1 max-w-md text-balance text-ink-soft">{children}</div>
    </div>
  )
}
