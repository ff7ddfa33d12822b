import { unreachable } from '@tailgate/shared'
import type { Intent, StoredRun } from '../store/stored-run.ts'

/**
 * A run's life as a pure state machine. The shell (`active-run.ts`) performs the effects and reports back with events.
 *
 *   queued ──admitted──▶ starting ──launched──▶ running ──settled──▶ ended
 *     │                     │                      │ cancel-asked, deadline-passed
 *     │ cancel-asked        │ cancel-asked         ▼
 *     ▼                     └──────────────▶  cancelling ──settled──▶ ended
 *   ended                 launch-failed, launch-unclear, from starting or cancelling ──▶ ended
 *
 * 1. An ended run never changes again.
 * 2. A cancel is never lost: one that comes before the engine is up gives the launch up, and is carried out if it is
 *    too late for that.
 * 3. The first reason to stop counts; a later one changes nothing.
 * 4. A run is settled only when its engine has ended and its log is read to the last byte.
 * 5. The engine is launched at most once, asked to end (`terminate`) at most once, and killed only after that.
 * 6. The clock starts once, when the engine is up, and before it may be asked to end.
 * 7. With an engine a run ends by being settled; without one that is known of, by `conclude-unstarted`, once, at the end
 *    itself.
 * 8. From every phase a run can come to its end.
 */

export type EndedState = 'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'lost'

export type RunPhase =
  | { readonly state: 'queued' }
  | { readonly state: 'starting' }
  | { readonly state: 'running' }
  | { readonly state: 'cancelling'; readonly intent: Intent; readonly launched: boolean }
  | { readonly state: 'ended'; readonly as: EndedState }

export type RunInput =
  /** The queue gave it a place. */
  | { readonly type: 'admitted' }
  | { readonly type: 'launched' }
  | { readonly type: 'launch-failed' }
  /** It broke down, and nobody can tell whether there is an engine. */
  | { readonly type: 'launch-unclear' }
  | { readonly type: 'cancel-asked' }
  /** It has run for its `timeoutMs`. */
  | { readonly type: 'deadline-passed' }
  /** It was asked to end and did not in time. */
  | { readonly type: 'grace-passed' }
  /** The engine is gone and the log is read; `as` is what that amounts to. */
  | { readonly type: 'settled'; readonly as: EndedState }

export type RunEffect = 'launch' | 'give-up-launch' | 'start-clock' | 'terminate' | 'kill' | 'conclude-unstarted'

export type Transition = { readonly phase: RunPhase; readonly effects: readonly RunEffect[] }

/** The phase of a run as it was stored. One that was being stopped had an engine, or has none that can ever start. */
export function phaseOf({ state, intent }: Pick<StoredRun, 'state' | 'intent'>): RunPhase {
  switch (state) {
    case 'queued':
    case 'starting':
    case 'running':
      return { state }
    case 'cancelling':
      return { state, intent: intent ?? 'cancelled', launched: true }
    case 'succeeded':
    case 'failed':
    case 'cancelled':
    case 'timed-out':
    case 'lost':
      return { state: 'ended', as: state }
    default:
      return unreachable(state)
  }
}

/** What an input makes of a phase; the same phase without effects where it means nothing (any more). */
export function transition(phase: RunPhase, input: RunInput): Transition {
  switch (phase.state) {
    case 'queued':
      return whenQueued(phase, input)
    case 'starting':
      return whenStarting(phase, input)
    case 'running':
      return whenRunning(phase, input)
    case 'cancelling':
      return whenCancelling(phase, input)
    case 'ended':
      return stay(phase)
    default:
      return unreachable(phase)
  }
}

const stay = (phase: RunPhase): Transition => ({ phase, effects: [] })
const go = (phase: RunPhase, ...effects: RunEffect[]): Transition => ({ phase, effects })

function whenQueued(phase: RunPhase, input: RunInput): Transition {
  switch (input.type) {
    case 'admitted':
      return go({ state: 'starting' }, 'launch')
    case 'cancel-asked':
      return go({ state: 'ended', as: 'cancelled' }, 'conclude-unstarted')
    case 'launched':
    case 'launch-failed':
    case 'launch-unclear':
    case 'deadline-passed':
    case 'grace-passed':
    case 'settled':
      return stay(phase)
    default:
      return unreachable(input)
  }
}

function whenStarting(phase: RunPhase, input: RunInput): Transition {
  switch (input.type) {
    case 'launched':
      return go({ state: 'running' }, 'start-clock')
    case 'launch-failed':
      return go({ state: 'ended', as: 'failed' }, 'conclude-unstarted')
    case 'launch-unclear':
      return go({ state: 'ended', as: 'lost' }, 'conclude-unstarted')
    case 'cancel-asked':
      return go({ state: 'cancelling', intent: 'cancelled', launched: false }, 'give-up-launch')
    case 'admitted':
    case 'deadline-passed':
    case 'grace-passed':
    case 'settled':
      return stay(phase)
    default:
      return unreachable(input)
  }
}

function whenRunning(phase: RunPhase, input: RunInput): Transition {
  switch (input.type) {
    case 'cancel-asked':
      return go({ state: 'cancelling', intent: 'cancelled', launched: true }, 'terminate')
    case 'deadline-passed':
      return go({ state: 'cancelling', intent: 'timed-out', launched: true }, 'terminate')
    case 'settled':
      return go({ state: 'ended', as: input.as })
    case 'admitted':
    case 'launched':
    case 'launch-failed':
    case 'launch-unclear':
    case 'grace-passed':
      return stay(phase)
    default:
      return unreachable(input)
  }
}

function whenCancelling(phase: RunPhase & { state: 'cancelling' }, input: RunInput): Transition {
  switch (input.type) {
    case 'launched':
      return phase.launched ? stay(phase) : go({ ...phase, launched: true }, 'start-clock', 'terminate')
    case 'launch-failed':
      return phase.launched ? stay(phase) : go({ state: 'ended', as: phase.intent }, 'conclude-unstarted')
    case 'launch-unclear':
      return phase.launched ? stay(phase) : go({ state: 'ended', as: 'lost' }, 'conclude-unstarted')
    case 'grace-passed':
      return phase.launched ? go(phase, 'kill') : stay(phase)
    case 'settled':
      return phase.launched ? go({ state: 'ended', as: input.as }) : stay(phase)
    case 'admitted':
    case 'cancel-asked':
    case 'deadline-passed':
      return stay(phase)
    default:
      return unreachable(input)
  }
}
