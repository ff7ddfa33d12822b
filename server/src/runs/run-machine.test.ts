import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Intent } from '../store/stored-run.ts'
import { type EndedState, type RunEffect, type RunInput, type RunPhase, transition } from './run-machine.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`run-machine.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

type PhaseName =
  | 'queued'
  | 'starting'
  | 'running'
  | `cancelling, ${Intent}, ${'not launched' | 'launched'}`
  | `ended, ${EndedState}`

const PHASES: Readonly<Record<PhaseName, RunPhase>> = {
  queued: { state: 'queued' },
  starting: { state: 'starting' },
  running: { state: 'running' },
  'cancelling, cancelled, not launched': { state: 'cancelling', intent: 'cancelled', launched: false },
  'cancelling, cancelled, launched': { state: 'cancelling', intent: 'cancelled', launched: true },
  'cancelling, timed-out, not launched': { state: 'cancelling', intent: 'timed-out', launched: false },
  'cancelling, timed-out, launched': { state: 'cancelling', intent: 'timed-out', launched: true },
  'ended, succeeded': { state: 'ended', as: 'succeeded' },
  'ended, failed': { state: 'ended', as: 'failed' },
  'ended, cancelled': { state: 'ended', as: 'cancelled' },
  'ended, timed-out': { state: 'ended', as: 'timed-out' },
  'ended, lost': { state: 'ended', as: 'lost' },
}

/** The next phase and the effects; `same` where the input means nothing. */
type Cell = 'same' | readonly [PhaseName, ...RunEffect[]]
type Row = Readonly<Record<RunInput['type'], Cell>>

const INPUTS: Readonly<Record<RunInput['type'], RunInput>> = {
  admitted: { type: 'admitted' },
  launched: { type: 'launched' },
  'launch-failed': { type: 'launch-failed' },
  'launch-unclear': { type: 'launch-unclear' },
  'cancel-asked': { type: 'cancel-asked' },
  'deadline-passed': { type: 'deadline-passed' },
  'grace-passed': { type: 'grace-passed' },
  settled: { type: 'settled', as: 'failed' },
}

const NOTHING: Row = {
  admitted: 'same',
  launched: 'same',
  'launch-failed': 'same',
  'launch-unclear': 'same',
  'cancel-asked': 'same',
  'deadline-passed': 'same',
  'grace-passed': 'same',
  settled: 'same',
}

/** Every cell: a new phase or input does not compile until its row or column is written. */
const TABLE: Readonly<Record<PhaseName, Row>> = {
  queued: {
    admitted: ['starting', 'launch'],
    launched: 'same',
    'launch-failed': 'same',
    'launch-unclear': 'same',
    'cancel-asked': ['ended, cancelled', 'conclude-unstarted'],
    'deadline-passed': 'same',
    'grace-passed': 'same',
    settled: 'same',
  },
  starting: {
    admitted: 'same',
    launched: ['running', 'start-clock'],
    'launch-failed': ['ended, failed', 'conclude-unstarted'],
    'launch-unclear': ['ended, lost', 'conclude-unstarted'],
    'cancel-asked': ['cancelling, cancelled, not launched', 'give-up-launch'],
    'deadline-passed': 'same',
    'grace-passed': 'same',
    settled: 'same',
  },
  running: {
    admitted: 'same',
    launched: 'same',
    'launch-failed': 'same',
    'launch-unclear': 'same',
    'cancel-asked': ['cancelling, cancelled, launched', 'terminate'],
    'deadline-passed': ['cancelling, timed-out, launched', 'terminate'],
    'grace-passed': 'same',
    settled: ['ended, failed'],
  },
  'cancelling, cancelled, not launched': {
    admitted: 'same',
    launched: ['cancelling, cancelled, launched', 'start-clock', 'terminate'],
    'launch-failed': ['ended, cancelled', 'conclude-unstarted'],
    'launch-unclear': ['ended, lost', 'conclude-unstarted'],
    'cancel-asked': 'same',
    'deadline-passed': 'same',
    'grace-passed': 'same',
    settled: 'same',
  },
  'cancelling, cancelled, launched': {
    admitted: 'same',
    launched: 'same',
    'launch-failed': 'same',
    'launch-unclear': 'same',
    'cancel-asked': 'same',
    'deadline-passed': 'same',
    'grace-passed': ['cancelling, cancelled, launched', 'kill'],
    settled: ['ended, failed'],
  },
  'cancelling, timed-out, not launched': {
    admitted: 'same',
    launched: ['cancelling, timed-out, launched', 'start-clock', 'terminate'],
    'launch-failed': ['ended, timed-out', 'conclude-unstarted'],
    'launch-unclear': ['ended, lost', 'conclude-unstarted'],
    'cancel-asked': 'same',
    'deadline-passed': 'same',
    'grace-passed': 'same',
    settled: 'same',
  },
  'cancelling, timed-out, launched': {
    admitted: 'same',
    launched: 'same',
    'launch-failed': 'same',
    'launch-unclear': 'same',
    'cancel-asked': 'same',
    'deadline-passed': 'same',
    'grace-passed': ['cancelling, timed-out, launched', 'kill'],
    settled: ['ended, failed'],
  },
  'ended, succeeded': NOTHING,
  'ended, failed': NOTHING,
  'ended, cancelled': NOTHING,
  'ended, timed-out': NOTHING,
  'ended, lost': NOTHING,
}

// Object.keys and Object.entries forget the keys' type, which the records above have.
const phaseNames = Object.keys(PHASES) as PhaseName[]
const inputNames = Object.keys(INPUTS) as RunInput['type'][]
const cells = phaseNames.flatMap((phase) => inputNames.map((input) => ({ phase, input, cell: TABLE[phase][input] })))

describe('the table of transitions', () => {
  test.each(cells)('$phase, then $input: $cell', ({ phase: name, input, cell }) => {
    const phase = PHASES[name]
    const result = transition(phase, INPUTS[input])
    if (cell === 'same') {
      expect(result.effects).toEqual([])
      // The very same: the shell takes it for nothing to do.
      expect(result.phase).toBe(phase)
    } else {
      const [next, ...effects] = cell
      expect(result).toEqual({ phase: PHASES[next], effects })
    }
  })

  test.each(['succeeded', 'failed', 'cancelled', 'timed-out', 'lost'] as const)(
    'a run that is settled as %s ends so, even while it is being stopped',
    (as) => {
      for (const name of ['running', 'cancelling, cancelled, launched', 'cancelling, timed-out, launched'] as const) {
        expect(transition(PHASES[name], { type: 'settled', as }).phase).toEqual({ state: 'ended', as })
      }
    },
  )
})

describe('the invariants, over any sequence of inputs', () => {
  const anyInput: fc.Arbitrary<RunInput> = fc.oneof(
    fc.constantFrom(...inputNames.filter((name) => name !== 'settled')).map((name) => INPUTS[name]),
    fc
      .constantFrom<EndedState>('succeeded', 'failed', 'cancelled', 'timed-out', 'lost')
      .map((as): RunInput => ({ type: 'settled', as })),
  )
  const anyInputs = fc.array(anyInput, { maxLength: 30 })

  type Step = {
    readonly before: RunPhase
    readonly input: RunInput
    readonly after: RunPhase
    readonly effects: readonly RunEffect[]
  }

  function walk(inputs: readonly RunInput[], from: RunPhase = PHASES.queued): Step[] {
    let phase = from
    return inputs.map((input) => {
      const before = phase
      const { phase: after, effects } = transition(before, input)
      phase = after
      return { before, input, after, effects }
    })
  }

  const indexesOf = (steps: readonly Step[], effect: RunEffect) =>
    steps.flatMap(({ effects }, index) => effects.filter((one) => one === effect).map(() => index))
  const end = (steps: readonly Step[]) => steps.at(-1)?.after ?? PHASES.queued
  const wasAsked = ({ before, input }: Step) =>
    (input.type === 'cancel-asked' && before.state !== 'ended') ||
    (input.type === 'deadline-passed' && before.state === 'running')

  const holds = (claim: (steps: readonly Step[]) => void) =>
    fc.assert(
      fc.property(anyInputs, (inputs) => claim(walk(inputs))),
      { numRuns: 1_000 },
    )

  test('1: an ended run never changes again', () => {
    holds((steps) => {
      for (const { before, after, effects } of steps.filter(({ before }) => before.state === 'ended')) {
        expect(after).toBe(before)
        expect(effects).toEqual([])
      }
    })
  })

  test('2: a wish to stop is never lost: the run ends, or its engine is asked to end exactly once', () => {
    holds((steps) => {
      const asked = steps.findIndex(wasAsked)
      if (asked === -1) {
        expect(indexesOf(steps, 'terminate')).toEqual([])
        return
      }
      const last = end(steps)
      expect(['cancelling', 'ended']).toContain(last.state)
      const isUp = indexesOf(steps, 'start-clock').length > 0
      const terminated = indexesOf(steps, 'terminate')
      expect(terminated).toHaveLength(isUp ? 1 : 0)
      // As soon as both are so: the engine is up and was asked for.
      if (isUp) expect(terminated[0]).toBe(Math.max(asked, ...indexesOf(steps, 'start-clock')))
    })
  })

  test('3: the first reason to stop counts', () => {
    holds((steps) => {
      const first = steps.find(wasAsked)
      if (first === undefined) return
      const reason: Intent = first.input.type === 'cancel-asked' ? 'cancelled' : 'timed-out'
      for (const { after } of steps) if (after.state === 'cancelling') expect(after.intent).toBe(reason)
      const judged = steps.some(
        ({ before, input, after }) => ['settled', 'launch-unclear'].includes(input.type) && before !== after,
      )
      const last = end(steps)
      if (last.state === 'ended' && !judged) expect(last.as).toBe(reason)
    })
  })

  test('4 and 7: with an engine a run ends by being settled, without one by being concluded, once', () => {
    holds((steps) => {
      const endings = steps.filter(({ before, after }) => before.state !== 'ended' && after.state === 'ended')
      expect(endings.length).toBeLessThanOrEqual(1)
      const isUp = indexesOf(steps, 'start-clock').length > 0
      const concluded = indexesOf(steps, 'conclude-unstarted').length
      expect(concluded).toBe(endings.length === 1 && !isUp ? 1 : 0)
      for (const { input, effects } of endings) {
        expect(input.type === 'settled').toBe(isUp)
        if (isUp) expect(effects).toEqual([])
      }
    })
  })

  test('5: the engine is launched at most once, and killed only after it was asked to end', () => {
    holds((steps) => {
      expect(indexesOf(steps, 'launch').length).toBeLessThanOrEqual(1)
      const [terminated = Number.POSITIVE_INFINITY] = indexesOf(steps, 'terminate')
      for (const killed of indexesOf(steps, 'kill')) expect(killed).toBeGreaterThan(terminated)
    })
  })

  test('6: the clock starts once, when the engine is up, and before it is asked to end', () => {
    holds((steps) => {
      const started = indexesOf(steps, 'start-clock')
      expect(started.length).toBeLessThanOrEqual(1)
      for (const index of started) expect(steps[index]?.input.type).toBe('launched')
      for (const { effects } of steps) {
        if (effects.includes('start-clock') && effects.includes('terminate')) {
          expect(effects).toEqual(['start-clock', 'terminate'])
        }
      }
    })
  })

  test('8: from wherever it is, a run can come to its end', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const on: RunInput[] = [INPUTS.admitted, INPUTS.launched, INPUTS.settled]
        expect(end(walk([...inputs, ...on])).state).toBe('ended')
      }),
    )
  })
})
