import { expect, test } from 'vitest'
import { sampleOutcome, sampleRun } from '../testing/sample-run.ts'
import { outcomeText } from './outcome-text.ts'

test('a run that waits says where in the queue', () => {
  expect(outcomeText(sampleRun({ state: 'queued', queuePosition: 3 }))).toBe('Number 3 in the queue')
  expect(outcomeText(sampleRun({ state: 'queued' }))).toBe('Waiting for a place')
})

test('a run that failed says what the log says, in its first line that says something', () => {
  const outcome = sampleOutcome({ message: '\nvariable x not found\nsecond line' })
  expect(outcomeText(sampleRun({ state: 'failed', outcome }))).toBe('variable x not found')
})

test('a run whose log says nothing tells the reason', () => {
  const outcome = sampleOutcome({ reason: 'no-end-marker', message: null })
  expect(outcomeText(sampleRun({ state: 'failed', outcome }))).toBe('The engine ended, but its log shows no end')
})

test('a run that took too long says how long that was', () => {
  expect(outcomeText(sampleRun({ state: 'timed-out', timeoutMs: 600_000 }))).toBe('Stopped after 10 min 00 s')
})

test('where the state says it all, nothing is added', () => {
  for (const state of ['running', 'succeeded', 'cancelled'] as const) {
    expect(outcomeText(sampleRun({ state, outcome: sampleOutcome() }))).toBeNull()
  }
})
