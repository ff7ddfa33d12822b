import type { SearchPage, SearchRequest } from '@tailgate/client'
import { expect, test } from 'vitest'
import { isCounted, matchCount, matchNumber } from './find.ts'
import { LogFind } from './log-find.ts'

/** A log with matches in some lines, a gateway that looks at so many lines at once, and a reader at a line. */
function setUp({ total = 1_000, matches = [10, 500, 990], atOnce = 300, place = 400 } = {}) {
  const log = { total, matches, failures: 0 }
  const revealed: number[] = []
  const listeners = new Set<() => void>()
  const search = async (request: SearchRequest): Promise<SearchPage> => {
    if (log.failures > 0) {
      log.failures -= 1
      throw new Error('no connection')
    }
    const { from = 1, to, limit = 100, direction = 'forward' } = request
    const by = direction === 'forward' ? 1 : -1
    const end = to ?? (by === 1 ? log.total : 1)
    let at = from
    let count = 0
    const found: SearchPage['matches'] = []
    for (let looked = 0; looked < atOnce && (end - at) * by >= 0; looked += 1, at += by) {
      if (!log.matches.includes(at)) continue
      count += 1
      if (limit > 0) found.push({ number: at, text: 'x' })
      if (limit > 0 && found.length === limit) {
        at += by
        break
      }
    }
    const scannedTo = at - by
    return { matches: found, count, scannedTo, total: log.total, complete: (end - scannedTo) * by <= 0 }
  }
  const find = new LogFind({
    runId: 'run-1',
    search,
    model: {
      get total() {
        return log.total
      },
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    view: { place, reveal: (line) => revealed.push(line) },
    delay: async (_ms, signal) => signal.throwIfAborted(),
  })
  const grow = (lines: number, ...more: number[]) => {
    log.total += lines
    log.matches.push(...more)
    for (const listener of listeners) listener()
  }
  return { find, log, revealed, grow }
}

const state = (find: LogFind) => find.state.get()
const told = (find: LogFind) => [state(find).line, matchNumber(state(find)), matchCount(state(find))]
const counted = (find: LogFind) => expect.poll(() => isCounted(state(find))).toBe(true)

test('the match nearest to the reader comes first, then all are counted', async () => {
  const { find, revealed } = setUp()
  find.ask({ text: 'x', ignoreCase: true })
  await counted(find)
  expect(told(find)).toEqual([500, 2, 3])
  expect(revealed).toEqual([500])
  find.stop()
})

test('steps that are asked for at once are all taken, and go round the ends of the log', async () => {
  const { find, revealed } = setUp()
  find.ask({ text: 'x', ignoreCase: true })
  await counted(find)
  for (let step = 0; step < 4; step += 1) find.step(1)
  await expect.poll(() => revealed).toEqual([500, 990, 10, 500, 990])
  expect(told(find)).toEqual([990, 3, 3])
  for (let step = 0; step < 3; step += 1) find.step(-1)
  await expect.poll(() => revealed.length).toBe(8)
  expect(told(find)).toEqual([990, 3, 3])
  find.stop()
})

test('a match before the reader is found when there is none behind', async () => {
  const { find } = setUp({ matches: [10], place: 900 })
  find.ask({ text: 'x', ignoreCase: true })
  await counted(find)
  expect(told(find)).toEqual([10, 1, 1])
  find.stop()
})

test('lines that come later are searched too', async () => {
  const { find, grow } = setUp({ matches: [] })
  find.ask({ text: 'x', ignoreCase: true })
  await expect.poll(() => state(find).status).toBe('none')
  grow(500, 1_200)
  await expect.poll(() => state(find).line).toBe(1_200)
  await counted(find)
  grow(100, 1_550)
  await expect.poll(() => matchCount(state(find))).toBe(2)
  find.stop()
})

test('a failure is asked again', async () => {
  const { find, log } = setUp()
  log.failures = 2
  find.ask({ text: 'x', ignoreCase: true })
  await counted(find)
  expect(told(find)).toEqual([500, 2, 3])
  find.stop()
})

test('a search that is closed finds nothing any more', async () => {
  const { find, revealed } = setUp()
  find.ask({ text: 'x', ignoreCase: true })
  find.ask(null)
  find.step(1)
  await new Promise((resolve) => setTimeout(resolve))
  expect(revealed).toEqual([])
  expect(state(find).status).toBe('idle')
})
