import { isEnded, type RunState } from '@tailgate/client'
import { expect, test } from 'vitest'
import { type RunAction, runCan } from './run-can.ts'
import { STATE_LABEL } from './run-states.ts'

const STATES = Object.keys(STATE_LABEL) as RunState[] // a Record over all states

const statesThatCan = (action: RunAction) => STATES.filter((state) => runCan[action]({ state }))

test('a run is cancelled before it has ended, and once', () => {
  expect(statesThatCan('cancel')).toEqual(['queued', 'starting', 'running'])
})

test('exactly the ended runs can be deleted, as the gateway has it', () => {
  expect(statesThatCan('remove')).toEqual(STATES.filter(isEnded))
})

test('a run is run again once it has really begun', () => {
  expect(statesThatCan('runAgain')).toEqual(STATES.filter((state) => state !== 'queued' && state !== 'starting'))
})
