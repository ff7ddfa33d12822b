import type { RunState } from '@tailgate/client'

/** How each state is told: in a word, and by what feeling. The icon is in RunStateBadge.tsx. */

export type Tone = 'quiet' | 'active' | 'good' | 'bad' | 'warn'

export const STATE_LABEL: Readonly<Record<RunState, string>> = {
  queued: 'Queued',
  starting: 'Starting',
  running: 'Running',
  cancelling: 'Cancelling',
  succeeded: 'Succeeded',
  failed: 'Failed',
  cancelled: 'Cancelled',
  'timed-out': 'Timed out',
  lost: 'Lost',
}

export const STATE_TONE: Readonly<Record<RunState, Tone>> = {
  queued: 'quiet',
  starting: 'active',
  running: 'active',
  cancelling: 'warn',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'quiet',
  'timed-out': 'warn',
  lost: 'warn',
}

/** The states that are one choice in the list of runs. */
export const STATE_GROUPS = {
  all: { label: 'All', states: null },
  active: { label: 'Active', states: ['queued', 'starting', 'running', 'cancelling'] },
  failed: { label: 'Failed', states: ['failed', 'timed-out', 'lost'] },
  succeeded: { label: 'Succeeded', states: ['succeeded'] },
  cancelled: { label: 'Cancelled', states: ['cancelled'] },
} as const satisfies Readonly<Record<string, { label: string; states: readonly RunState[] | null }>>

export type StateGroup = keyof typeof STATE_GROUPS

/** The group that an address names; all runs when it names none. */
export function parseStateGroup(text: string | null): StateGroup {
  return text !== null && Object.hasOwn(STATE_GROUPS, text) ? (text as StateGroup) : 'all' // checked by hasOwn
}
