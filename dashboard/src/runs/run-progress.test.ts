import { expect, test } from 'vitest'
import { sampleRun } from '../testing/sample-run.ts'
import { runProgress } from './run-progress.ts'

const { progress: unknown } = sampleRun()
const statement = { current: 4, total: 12, text: 'regress y x', logLine: 40, sourceLine: 9 }
const estimate = { expectedMs: 60_000, percent: 42.5, remainingMs: 30_000, runs: 3 }
const replications = { done: 30, total: 120, failed: 0 }

test('a run that is not going has no progress', () => {
  for (const state of ['queued', 'starting', 'succeeded', 'failed'] as const) {
    expect(runProgress(sampleRun({ state, progress: { ...unknown, estimate } }))).toBeNull()
  }
})

test('replications tell more than an estimate, and an estimate more than statements', () => {
  const all = { ...unknown, statement, estimate, replications }
  expect(runProgress(sampleRun({ progress: all }))).toEqual({ fraction: 0.25, label: '30 of 120 replications' })
  expect(runProgress(sampleRun({ progress: { ...all, replications: null } }))).toEqual({
    fraction: 0.425,
    label: '42%',
  })
  expect(runProgress(sampleRun({ progress: { ...unknown, statement } }))).toEqual({
    fraction: 0.25,
    label: 'Statement 4 of 12',
  })
})

test('nothing is claimed that is not known', () => {
  const indefinite = { fraction: null, label: null }
  expect(runProgress(sampleRun())).toEqual(indefinite)
  expect(runProgress(sampleRun({ progress: { ...unknown, replications: { ...replications, total: null } } }))).toEqual(
    indefinite,
  )
  expect(
    runProgress(sampleRun({ progress: { ...unknown, statement: { ...statement, current: 1, total: 1 } } })),
  ).toEqual(indefinite)
})
