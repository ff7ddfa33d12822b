import { expect, test } from 'vitest'
import { sampleOutcome, sampleRun } from '../testing/sample-run.ts'
import { runTitle } from './run-title.ts'

test('the title tells how far a run is, or how it ended', () => {
  const { progress } = sampleRun()
  const estimate = { expectedMs: 1, percent: 42.9, remainingMs: 0, runs: 1 }
  expect(runTitle(sampleRun())).toBe('Running main.do')
  expect(runTitle(sampleRun({ progress: { ...progress, estimate } }))).toBe('42% main.do')
  expect(runTitle(sampleRun({ state: 'succeeded', outcome: sampleOutcome({ rc: 0 }) }))).toBe('Succeeded main.do')
  expect(runTitle(sampleRun({ state: 'failed', outcome: sampleOutcome() }))).toBe('r(111) main.do')
  expect(runTitle(sampleRun({ state: 'failed', outcome: sampleOutcome({ rc: null }) }))).toBe('Failed main.do')
})
