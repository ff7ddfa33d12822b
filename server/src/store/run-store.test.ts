import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { isEnded, type RunState, runStateSchema } from '@tailgate/shared'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { RunStore } from './run-store.ts'
import type { StoredRun } from './stored-run.ts'
import { anyStoredRun, sampleStoredRun } from './testing/sample-stored-run.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`run-store.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

let dataDir = ''
let database: DatabaseSync
let store: RunStore

function open(): void {
  const opened = openDatabase(dataDir)
  if (!opened.ok) throw new Error(opened.error)
  database = opened.value
  store = new RunStore(database)
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tailgate-store-'))
  open()
})
afterEach(() => {
  if (database.isOpen) store.close()
  rmSync(dataDir, { recursive: true })
})

/** Sortable ids; the highest is the newest. */
const idOf = (number: number) => String(number).padStart(26, '0')
const idsOf = (runs: readonly StoredRun[]) => runs.map(({ id }) => id)

/** Saves many at once; one by one each would wait for the disk. */
function saveAll(runs: readonly StoredRun[]): void {
  database.exec('BEGIN')
  for (const run of runs) store.save(run)
  database.exec('COMMIT')
}

describe('a stored run', () => {
  test('comes back as it was saved, also from a database opened anew', () => {
    const seen = new Map<string, StoredRun>()
    const keys = new Set<string | null>()
    fc.assert(
      fc.property(anyStoredRun, (run) => {
        fc.pre(run.runKey === null || !keys.has(run.runKey) || seen.get(run.id)?.runKey === run.runKey)
        store.save(run)
        keys.add(run.runKey)
        seen.set(run.id, run)
        expect(store.get(run.id)).toEqual(run)
        expect(run.runKey === null || store.byRunKey(run.runKey)?.id === run.id).toBe(true)
      }),
    )
    store.close()
    open()
    for (const [id, run] of seen) expect(store.get(id)).toEqual(run)
    expect(store.list({ limit: 10_000 })).toHaveLength(seen.size)
  })

  test('is replaced as a whole when it is saved again', () => {
    fc.assert(
      fc.property(anyStoredRun, anyStoredRun, (before, after) => {
        database.exec('DELETE FROM runs')
        store.save(before)
        store.save({ ...after, id: before.id })
        expect(store.list({ limit: 10 })).toEqual([{ ...after, id: before.id }])
      }),
    )
  })

  test('is not there before it is saved and after it is removed', () => {
    const run = sampleStoredRun({ runKey: 'key' })
    expect([store.get(run.id), store.byRunKey('key')]).toEqual([undefined, undefined])
    store.save(run)
    store.remove(run.id)
    expect([store.get(run.id), store.byRunKey('key'), store.list({ limit: 1 })]).toEqual([undefined, undefined, []])
    store.remove(run.id)
  })

  test('keeps its run key to itself', () => {
    store.save(sampleStoredRun({ id: idOf(1), runKey: 'key' }))
    expect(() => store.save(sampleStoredRun({ id: idOf(2), runKey: 'key' }))).toThrow(/UNIQUE.*run_key/)
    expect(idsOf(store.list({ limit: 10 }))).toEqual([idOf(1)])
    // A key is given back by removing its run; runs without one do not get in each other's way.
    store.remove(idOf(1))
    for (const number of [2, 3]) store.save(sampleStoredRun({ id: idOf(number), runKey: number === 2 ? 'key' : null }))
    store.save(sampleStoredRun({ id: idOf(4) }))
    expect(store.byRunKey('key')?.id).toBe(idOf(2))
  })
})

describe('a damaged row', () => {
  test.each([
    ['args', '["a"', 'is not JSON'],
    ['outcome', '{"reason":"bored"}', 'reason'],
    ['state', 'asleep', 'Invalid option'],
    ['progress', '[]', 'expected object'],
  ])('names the run and what is wrong with %s', (column, value, fault) => {
    const run = sampleStoredRun({ id: idOf(1), runKey: 'key' })
    store.save(run)
    database.prepare(`UPDATE runs SET ${column} = ?`).run(value)
    const reads = [() => store.get(run.id), () => store.byRunKey('key'), () => store.list({ limit: 1 })]
    for (const read of reads) {
      expect(read).toThrow(new RegExp(`record of run ${run.id} .* damaged \\(${column}.*${fault}.*backup`))
    }
  })

  test('does not get in by way of a number that is none', () => {
    expect(() => store.save(sampleStoredRun({ startedAt: 0.5 }))).toThrow(/REAL value in INTEGER column/)
    expect(() => store.save(sampleStoredRun({ queuedAt: Number.NaN }))).toThrow(/NOT NULL/)
  })
})

describe('the list', () => {
  test('is newest first, page by page the same as all at once, whatever the filter', () => {
    const runs = fc.uniqueArray(
      fc.record({ number: fc.nat({ max: 500 }), state: fc.constantFrom(...runStateSchema.options) }),
      { selector: ({ number }) => number, maxLength: 40 },
    )
    const filter = fc.option(fc.subarray([...runStateSchema.options]), { nil: undefined })
    fc.assert(
      fc.property(runs, filter, fc.integer({ min: 1, max: 12 }), (some, states, limit) => {
        database.exec('DELETE FROM runs')
        saveAll(some.map(({ number, state }) => sampleStoredRun({ id: idOf(number), state })))
        const expected = some
          .filter(({ state }) => states === undefined || states.includes(state))
          .map(({ number }) => idOf(number))
          .toSorted()
          .reverse()
        expect(idsOf(store.list({ states, limit: 1_000 }))).toEqual(expected)
        expect(idsOf(allPages(limit, states))).toEqual(expected)
      }),
    )
  })

  test('goes through 10,000 ended runs without leaving one out, also while runs are added and removed', () => {
    const states = runStateSchema.options.filter(isEnded)
    const runs = Array.from({ length: 10_000 }, (_, i) =>
      sampleStoredRun({ id: idOf(i), state: states[i % states.length] ?? 'failed', endedAt: i }),
    )
    saveAll(runs)
    expect(idsOf(allPages(501))).toEqual(idsOf(runs).reverse())
    expect(allPages(501, ['failed'])).toEqual(runs.filter(({ state }) => state === 'failed').reverse())

    const first = store.list({ limit: 500 })
    const last = first.at(-1)?.id ?? ''
    store.save(sampleStoredRun({ id: idOf(10_000) }))
    // Even the run that the next page begins after may go.
    store.remove(last)
    expect(idsOf(store.list({ limit: 500, before: last }))).toEqual(idsOf(runs).reverse().slice(500, 1_000))
  })

  function allPages(limit: number, states?: readonly RunState[]): StoredRun[] {
    const all: StoredRun[] = []
    for (;;) {
      const page = store.list({ limit, states, before: all.at(-1)?.id })
      if (page.length === 0) return all
      all.push(...page)
    }
  }
})

describe('earlier durations', () => {
  test('are those of the newest successful runs of that file, newest first', () => {
    const run = (number: number, differences: Partial<StoredRun>) =>
      sampleStoredRun({
        id: idOf(number),
        state: 'succeeded',
        endedAt: number,
        elapsedMs: number * 1.5,
        ...differences,
      })
    saveAll([
      run(1, {}),
      run(2, { state: 'failed' }),
      run(3, { file: '/projects/other.do' }),
      run(4, { elapsedMs: null }),
      run(5, { endedAt: 0 }),
      run(6, {}),
      run(7, { state: 'running' }),
    ])
    expect(store.durations('/projects/main.do', 10)).toEqual([9, 1.5, 7.5])
    expect(store.durations('/projects/main.do', 2)).toEqual([9, 1.5])
    expect(store.durations('/projects/none.do', 2)).toEqual([])
  })
})

test('what retention asks for is told of ended runs alone', () => {
  saveAll([
    sampleStoredRun({ id: idOf(1), state: 'failed', endedAt: 5, logBytes: 7 }),
    sampleStoredRun({ id: idOf(2), state: 'running', startedAt: 5 }),
  ])
  expect(store.ended()).toEqual([{ id: idOf(1), endedAt: 5, bytes: 7 }])
})

describe('a search', () => {
  const failed = { reason: 'stata-error', rc: 111, command: null, line: null, exitCode: 0, signal: null } as const
  const search = (text: string) => idsOf(store.list({ text, limit: 10 })).map(Number)
  beforeEach(() => {
    saveAll([
      sampleStoredRun({ id: idOf(1), file: '/projects/Wage_Gap/main.do' }),
      sampleStoredRun({ id: idOf(2), args: ['wage 2024', '100%'] }),
      sampleStoredRun({ id: idOf(3), startedBy: 'Ada' }),
      sampleStoredRun({ id: idOf(4), state: 'failed', outcome: { ...failed, message: 'wage not found' } }),
    ])
  })

  test('finds a text in file, arguments, starter, message and return code, whatever its case', () => {
    expect(search('wage')).toEqual([4, 2, 1])
    expect(search('ada')).toEqual([3])
    expect(search('r(111)')).toEqual([4])
    expect(search('nowhere')).toEqual([])
    expect(search('')).toEqual([4, 3, 2, 1])
  })

  test.each([
    ['%', [2]],
    ['_', [1]],
    ['\\', []],
    ["'", []],
  ])('takes %s literally', (text, found) => {
    expect(search(text)).toEqual(found)
  })

  test('goes together with a do-file, states and pages', () => {
    const file = '/projects/main.do'
    expect(idsOf(store.list({ file, limit: 10 })).map(Number)).toEqual([4, 3, 2])
    expect(idsOf(store.list({ file, text: 'wage', states: ['failed'], limit: 10 })).map(Number)).toEqual([4])
    expect(idsOf(store.list({ text: 'wage', before: idOf(4), limit: 1 })).map(Number)).toEqual([2])
  })
})
