import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { createRunIds } from '../../../server/src/runs/run-id.ts'
import { openDatabase } from '../../../server/src/store/database.ts'
import { RunStore } from '../../../server/src/store/run-store.ts'
import { sampleStoredRun } from '../../../server/src/store/testing/sample-stored-run.ts'
import { createWorkspace } from '../harness/workspace.ts'

const RUNS = 10_000
const MOST_MS = 20

test('with 10,000 ended runs a gateway lists them in less than 20 ms', { timeout: 120_000 }, async () => {
  await using workspace = await createWorkspace()
  const database = openDatabase(workspace.dataDir)
  if (!database.ok) throw new Error(database.error)
  const store = new RunStore(database.value)
  const newId = createRunIds(() => Date.UTC(2025, 0, 1), null)
  const outcome = {
    reason: 'completed',
    rc: 0,
    message: null,
    command: null,
    line: null,
    exitCode: 0,
    signal: null,
  } as const
  database.value.exec('BEGIN')
  for (let i = 0; i < RUNS; i++) {
    const ended = { startedAt: i, endedAt: i + 1, elapsedMs: 1, logBytes: 100, logLines: 10, outcome }
    store.save(sampleStoredRun({ id: newId(), state: 'succeeded', file: `/projects/${i % 100}.do`, ...ended }))
  }
  database.value.exec('COMMIT')
  store.close()

  const { url } = await workspace.start()
  const durations: number[] = []
  for (let i = 0; i < 50; i++) {
    const startedAt = performance.now()
    const response = await fetch(`${url}/runs`)
    const page: unknown = await response.json()
    durations.push(performance.now() - startedAt)
    expect(page).toMatchObject({ runs: { length: 50 } })
  }
  const [fastest = Number.NaN] = durations.toSorted((a, b) => a - b)
  const median = durations.toSorted((a, b) => a - b)[durations.length >> 1]
  console.log(`GET /runs with ${RUNS} runs: fastest ${fastest.toFixed(1)} ms, median ${median?.toFixed(1)} ms`)
  // The fastest of many is what it takes; the others tell what else this machine has to do.
  expect(fastest).toBeLessThan(MOST_MS)

  const { runs } = createTailgateClient({ url })
  const ids = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await runs.list({ limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    for (const { id } of page.runs) ids.add(id)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  expect(ids.size).toBe(RUNS)
})
