import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

const LOOK = {
  info: { className: 'border-line bg-info-soft', Icon: Info, ink: 'text-info' },
  warn: { className: 'border-warn-line bg-warn-soft', Icon: TriangleAlert, ink: 'text-warn' },
  bad: { className: 'border-bad-line bg-bad-soft', Icon: CircleAlert, ink: 'text-bad' },
} as const

export type NoteProps = {
  tone: keyof typeof LOOK
  title?: string
  children?: ReactNode
  /** Read out by screen readers as soon as it appears. */
  announce?: boolean
}

/** Something the reader should know, in a box of its own. */
export function Note({ tone, title, children, announce = false }: NoteProps) {
  const { className, Icon, ink } = LOOK[tone]
  return (
    <div role={announce ? 'alert' : undefined} className={`flex gap-2.5 rounded-md border px-3 py-2 ${className}`}>
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${ink}`} />
      <div className="min-w-0">
        {title === undefined ? null : <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  )
}
