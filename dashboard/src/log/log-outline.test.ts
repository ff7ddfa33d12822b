import type { MarksPage, Run } from '@tailgate/client'
import { expect, test } from 'vitest'
import { LogModel } from './log-model.ts'
import { LogOutline } from './log-outline.ts'
import { MAX_COMMANDS } from './outline.ts'

/** A gateway with one log: a command on each tenth line, an error on each line that the test names. */
function stage({ lines = 0, errors = [] as number[], down = false } = {}) {
  const gateway = { lines, errors, down }
  let delays: (() => void)[] = []
  let asked = 0
  const model = new LogModel({
    runId: 'run-1',
    lines: () => Promise.reject(new Error('no lines are wanted here')),
    beforeFrame: (callback) => {
      queueMicrotask(callback)
      return () => undefined
    },
    delay: () => new Promise(() => undefined),
  })
  const outline = new LogOutline({
    runId: 'run-1',
    model,
    marks: async ({ kind, from = 1, limit = 1_000 }): Promise<MarksPage> => {
      asked += 1
      if (gateway.down) throw new Error('down')
      const commands = Array.from({ length: Math.floor(gateway.lines / 10) }, (_, i) => 10 * (i + 1))
      const all = (kind === 'command' ? commands : gateway.errors).filter((number) => number >= from)
      const marks = all.slice(0, limit).map((number) => ({ number, lines: 1, text: `. command ${number}` }))
      const complete = all.length <= limit
      const scannedTo = complete ? gateway.lines : (marks.at(-1)?.number ?? 0)
      return { marks, scannedTo, total: gateway.lines, generation: 0, complete }
    },
    delay: (_ms, signal) =>
      new Promise((resolve, reject) => {
        delays.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  })
  const left = new AbortController()
  outline.start(left.signal)
  return {
    outline,
    model,
    gateway,
    left,
    asked: () => asked,
    /** What becomes of a value when all who wait for time to pass have waited long enough. */
    later: <T>(value: () => T) =>
      expect.poll(() => {
        const waiting = delays
        delays = []
        for (const resolve of waiting) resolve()
        return value()
      }),
    numbers: () => outline.state.get().entries.map(({ number }) => number),
    tell: (event: Parameters<LogOutline['take']>[0]) => {
      model.take(event)
      outline.take(event)
    },
  }
}

// The model reads nothing else of a record.
const recordWith = (lines: number) => ({ log: { bytes: 0, lines } }) as Run
const echoes = (
  first: number,
  text: string[],
  kinds: { command?: number[]; continuation?: number[]; error?: number[] },
) => ({ type: 'lines', first, start: 0, next: 0, text, kinds }) as const

test('what was written before is asked for, what is written now comes with the stream', async () => {
  const { numbers, tell, asked } = stage({ lines: 25 })
  await expect.poll(numbers).toEqual([10, 20])
  const before = asked()
  tell(echoes(26, ['. summarize wage', '', 'x'], { command: [26] }))
  expect(numbers()).toEqual([10, 20, 26])
  expect(asked()).toBe(before)
})

test('a command has the lines of its echo, and an error those that are known late', async () => {
  const { outline, tell, numbers } = stage()
  await expect.poll(() => outline.state.get().knownTo).toBe(0)
  tell(
    echoes(1, ['. foreach x in a b {', '  2.   display "`x\'"', '  3. }', '. '], {
      command: [1, 4],
      continuation: [2, 3],
    }),
  )
  tell(echoes(5, ['variable nobody not found'], {}))
  tell(echoes(6, ['r(111);', '', 'end of do-file', 'r(111);'], { error: [6, 5, 9] }))
  expect(numbers()).toEqual([1, 5])
  expect(outline.state.get().entries).toMatchObject([
    { kind: 'command', lines: 3 },
    { kind: 'error', lines: 2, text: 'variable nobody not found' },
  ])
  expect(outline.state.get().errors).toBe(1)
})

test('lines that do not meet what is known are asked for', async () => {
  const { numbers, tell, gateway, later } = stage({ lines: 25 })
  await expect.poll(numbers).toEqual([10, 20])
  gateway.lines = 45
  tell(echoes(44, ['', '. not asked for'], { command: [45] }))
  expect(numbers()).toEqual([10, 20])
  await later(numbers).toEqual([10, 20, 30, 40])
})

test('a log that grows without a stream is asked for again', async () => {
  const { numbers, model, gateway, later } = stage({ lines: 10 })
  await expect.poll(numbers).toEqual([10])
  gateway.lines = 30
  model.accept(recordWith(30))
  await later(numbers).toEqual([10, 20, 30])
})

test('what a stream left out is asked for, and all that may have changed meanwhile', async () => {
  const { outline, numbers, tell, model, gateway, later } = stage({ lines: 25 })
  await expect.poll(numbers).toEqual([10, 20])
  Object.assign(gateway, { lines: 45, errors: [22] })
  tell({ type: 'skipped' })
  model.accept(recordWith(45))
  await later(numbers).toEqual([10, 20, 22, 30, 40])
  expect(outline.state.get().errors).toBe(1)
})

test('a log that begins anew has a new outline', async () => {
  const { numbers, tell } = stage({ lines: 25 })
  await expect.poll(numbers).toEqual([10, 20])
  tell({ type: 'reset', generation: 1, reason: 'truncated' })
  tell(echoes(1, ['. clear all'], { command: [1] }))
  expect(numbers()).toEqual([1])
})

test('what was asked of a log that then began anew is no part of the new outline', async () => {
  const { numbers, tell, asked, gateway } = stage({ lines: 25 })
  // The first answer is on its way.
  gateway.lines = 1
  tell({ type: 'reset', generation: 1, reason: 'truncated' })
  tell(echoes(1, ['. clear all'], { command: [1] }))
  await expect.poll(asked).toBe(2)
  await new Promise((resolve) => setTimeout(resolve))
  expect(numbers()).toEqual([1])
})

test('a gateway that does not answer is asked again', async () => {
  const { numbers, gateway, later, asked, model } = stage({ lines: 12, down: true })
  model.accept(recordWith(12))
  await later(asked).toBeGreaterThan(2)
  gateway.down = false
  await later(numbers).toEqual([10])
})

test('a log with more commands than are listed still has its errors', async () => {
  const lines = 10 * MAX_COMMANDS + 50
  const { outline, numbers, later } = stage({ lines, errors: [lines - 1] })
  await later(() => numbers().at(-1)).toBe(lines - 1)
  expect(numbers()).toHaveLength(MAX_COMMANDS + 1)
  expect(outline.state.get()).toMatchObject({ errors: 1, isFull: true, knownTo: lines })
})

test('nothing is asked for any more once the page is left', async () => {
  const { model, left, asked, numbers, gateway } = stage({ lines: 10 })
  await expect.poll(numbers).toEqual([10])
  left.abort()
  const before = asked()
  gateway.lines = 30
  model.accept(recordWith(30))
  await new Promise((resolve) => setTimeout(resolve))
  expect(asked()).toBe(before)
})
