import type { RunState } from '@tailgate/client'
import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleStop,
  CircleX,
  LoaderCircle,
  type LucideIcon,
  Play,
  TimerOff,
} from 'lucide-react'
import { STATE_LABEL, STATE_TONE, type Tone } from './run-states.ts'

/** Each state has a shape of its own, so that it is known without its colour. */
const STATE_ICON: Readonly<Record<RunState, LucideIcon>> = {
  queued: CircleDashed,
  starting: LoaderCircle,
  running: Play,
  cancelling: CircleStop,
  succeeded: CircleCheck,
  failed: CircleX,
  cancelled: Ban,
  'timed-out': TimerOff,
  lost: CircleHelp,
}

const INK: Readonly<Record<Tone, string>> = {
  quiet: 'text-ink-faint',
  active: 'text-info',
  good: 'text-good',
  bad: 'text-bad',
  warn: 'text-warn',
}

const FILL: Readonly<Record<Tone, string>> = {
  quiet: 'bg-hover text-ink-soft',
  active: 'bg-info-soft text-info',
  good: 'bg-good-soft text-good',
  bad: 'bg-bad-soft text-bad',
  warn: 'bg-warn-soft text-warn',
}

export function RunStateIcon({ state, size = 16 }: { state: RunState; size?: number }) {
  const Icon = STATE_ICON[state]
  const moving = state === 'starting' ? 'spinning' : state === 'running' ? 'breathing' : ''
  return (
    <Icon
      size={size}
      aria-hidden
      className={`shrink-0 ${moving} ${INK[STATE_TONE[state]]}`}
      fill={state === 'running' ? 'currentColor' : 'none'}
    />
  )
}

export function RunStateBadge({ state }: { state: RunState }) {
  return (
    <span
      className={`inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full pr-2.5 pl-2 text-xs font-semibold ${FILL[STATE_TONE[state]]}`}
    >
      <RunStateIcon state={state} size={14} />
      {STATE_LABEL[state]}
    </span>
  )
}
