import type { Run, RunState } from '@tailgate/client'

/**
 * What may be done to a run in which state: `runCan.cancel(run)`. The gateway decides; this table mirrors its rules so
 * that nothing is offered which it would refuse. (A cancel of an ended run changes nothing, and only an ended run can
 * be forgotten; running again is always possible, and makes no sense while the first try has not begun.)
 */
const ALLOWED: Readonly<Record<RunState, { cancel: boolean; remove: boolean; runAgain: boolean }>> = {
  queued: { cancel: true, remove: false, runAgain: false },
  starting: { cancel: true, remove: false, runAgain: false },
  running: { cancel: true, remove: false, runAgain: true },
  cancelling: { cancel: false, remove: false, runAgain: true },
  succeeded: { cancel: false, remove: true, runAgain: true },
  failed: { cancel: false, remove: true, runAgain: true },
  cancelled: { cancel: false, remove: true, runAgain: true },
  'timed-out': { cancel: false, remove: true, runAgain: true },
  lost: { cancel: false, remove: true, runAgain: true },
}

export type RunAction = 'cancel' | 'remove' | 'runAgain'

const can = (action: RunAction) => (run: Pick<Run, 'state'>) => ALLOWED[run.state][action]

export type RunCan = Readonly<Record<RunAction, (run: Pick<Run, 'state'>) => boolean>>

export const runCan: RunCan = {
  cancel: can('cancel'),
  remove: can('remove'),
  runAgain: can('runAgain'),
}

const never = () => false

/** For those who may only watch. */
export const runCannot: RunCan = { cancel: never, remove: never, runAgain: never }
