import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button'
import { Tooltip, TooltipTrigger } from 'react-aria-components/Tooltip'

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger'

const LOOK: Readonly<Record<ButtonLook, string>> = {
  primary: 'bg-accent text-accent-ink data-hovered:bg-accent-hover',
  plain: 'border border-line bg-raised text-ink data-hovered:bg-hover',
  quiet: 'text-ink-soft data-hovered:bg-hover data-hovered:text-ink',
  danger: 'border border-bad-line bg-bad-soft text-bad data-hovered:border-bad',
}

const SHAPE =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap transition-colors data-disabled:opacity-50 data-pressed:translate-y-px'

/** The look of a button, for links that are one as well. */
export function buttonClass(look: ButtonLook = 'plain', size: 'normal' | 'icon' = 'normal'): string {
  return `${SHAPE} ${size === 'icon' ? 'size-8' : 'h-8 px-3'} ${LOOK[look]}`
}

export type ButtonProps = Omit<AriaButtonProps, 'className' | 'children'> & {
  look?: ButtonLook
  children: ReactNode
}

export function Button({ look = 'plain', children, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={buttonClass(look)}>
      {children}
    </AriaButton>
  )
}

export type IconButtonProps = Omit<AriaButtonProps, 'className' | 'children' | 'aria-label'> & {
  /** What it does, for screen readers and as a tooltip. */
  label: string
  /** A key that does the same, shown in the tooltip. */
  shortcut?: string
  look?: ButtonLook
  children: ReactNode
}

export function IconButton({ label, shortcut, look = 'quiet', children, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={400} closeDelay={100}>
      <AriaButton {...props} aria-label={label} className={buttonClass(look, 'icon')}>
        {children}
      </AriaButton>
      <Tooltip
        offset={6}
        className="flex items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-surface shadow-overlay"
      >
        {label}
        {shortcut === undefined ? null : <kbd className="opacity-75">{shortcut}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  )
}
