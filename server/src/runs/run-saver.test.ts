import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { StoredRun } from '../store/stored-run.ts'
import { sampleStoredRun } from '../store/testing/sample-stored-run.ts'
import { RunSaver } from './run-saver.ts'
import { FakeTimers } from './testing/fake-timers.ts'

function rig() {
  const timers = new FakeTimers()
  const saved: StoredRun['state'][] = []
  const disk = { full: false }
  let recovered = 0
  const saver = new RunSaver({
    save: ({ state }) => {
      if (disk.full) throw new Error('database or disk is full')
      saved.push(state)
    },
    timers,
    log: pino({ level: 'silent' }),
    onRecovered: () => {
      recovered += 1
    },
  })
  return { timers, saved, disk, saver, recovered: () => recovered }
}

test('a record that cannot be stored is stored once it can be', () => {
  const { timers, saved, disk, saver, recovered } = rig()
  disk.full = true
  saver.save(sampleStoredRun({ state: 'running' }))
  expect(saver.problem).toContain('database or disk is full')
  timers.advance(5_000)
  expect([saved, recovered()]).toEqual([[], 0])
  disk.full = false
  timers.advance(2_000)
  expect([saved, recovered(), saver.problem]).toEqual([['running'], 1, null])
})

test('only the latest of the records that could not be stored is', () => {
  const { timers, saved, disk, saver } = rig()
  disk.full = true
  saver.save(sampleStoredRun({ state: 'running' }))
  timers.advance(1_000)
  saver.save(sampleStoredRun({ state: 'cancelling' }))
  disk.full = false
  timers.advance(10_000)
  expect(saved).toEqual(['cancelling'])
})

test('a record that is stored in the meantime is not overwritten by an older one', () => {
  const { timers, saved, disk, saver, recovered } = rig()
  disk.full = true
  saver.save(sampleStoredRun({ state: 'running' }))
  disk.full = false
  saver.save(sampleStoredRun({ state: 'failed' }))
  timers.advance(10_000)
  expect([saved, recovered(), saver.problem]).toEqual([['failed'], 0, null])
})

test('once stopped it tries no more', () => {
  const { timers, saved, disk, saver } = rig()
  disk.full = true
  saver.save(sampleStoredRun({ state: 'running' }))
  saver.stop()
  disk.full = false
  timers.advance(10_000)
  expect(saved).toEqual([])
})
