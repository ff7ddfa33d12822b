import type { LinesPage, Run, TailgateError } from '@tailgate/client'
import { describe, expect, test } from 'vitest'
import { LogModel } from './log-model.ts'

type Asked = { readonly from?: number | undefined; readonly count?: number | undefined }

/** A gateway with one log, whose pages the test can fail; and a browser that draws when it is told to. */
function setUp(total: number) {
  const asked: Asked[] = []
  const gateway = { total, generation: 0, failure: null as TailgateError | Error | null }
  const waits: (() => void)[] = []
  let draw: (() => void) | null = null
  const answers: Promise<unknown>[] = []
  const model = new LogModel({
    runId: 'run-1',
    lines: (request) => {
      asked.push(request)
      const answer = (async (): Promise<LinesPage> => {
        if (gateway.failure !== null) throw gateway.failure
        const { from = 1, count = 2_000 } = request
        const length = Math.max(0, Math.min(count, gateway.total - from + 1))
        const lines = Array.from({ length }, (_, i) => {
          return { number: from + i, text: `${gateway.generation}: line ${from + i}`, kind: 'output' as const }
        })
        return { lines, total: gateway.total, generation: gateway.generation, cursor: '', complete: false }
      })()
      answers.push(answer.catch(() => undefined))
      return answer
    },
    beforeFrame: (callback) => {
      draw = callback
      return () => {
        draw = null
      }
    },
    delay: () => new Promise((resolve) => waits.push(resolve)),
  })
  return {
    model,
    gateway,
    asked,
    waits,
    draw: () => draw?.(),
    /** Until nothing is being asked for. */
    settle: async () => {
      for (let seen = -1; seen !== answers.length; ) {
        seen = answers.length
        await Promise.all(answers)
        await new Promise((resolve) => setTimeout(resolve))
      }
    },
  }
}

// The model reads nothing else of a record.
const recordWith = (lines: number) => ({ log: { bytes: 0, lines } }) as Run
const linesEvent = (first: number, ...text: string[]) => ({ type: 'lines', first, start: 0, next: 0, text }) as const

describe('lines', () => {
  test('that are wanted are asked for, and no more than those around them', async () => {
    const { model, asked, settle } = setUp(10_000_000)
    model.accept(recordWith(10_000_000))
    model.want(5_000_000, 5_000_040)
    await settle()
    expect(model.line(5_000_020)?.text).toBe('0: line 5000020')
    expect(asked.length).toBeLessThanOrEqual(2)
    expect(model.line(1)).toBeUndefined()
  })

  test('at the end of the log come in one answer, wherever its pages begin', async () => {
    const { model, asked, settle } = setUp(1_003)
    model.accept(recordWith(1_003))
    model.want(970, 1_003)
    await settle()
    expect(asked[0]).toMatchObject({ from: 501, count: 1_000 })
    expect(model.line(1_003)?.text).toBe('0: line 1003')
  })

  test('that a stream left out are asked for, and those that were here again, since they may have changed', async () => {
    const { model, asked, settle } = setUp(900_000)
    model.accept(recordWith(2))
    model.take(linesEvent(1, 'a', 'b'))
    model.want(1, 2)
    await settle()
    expect(asked).toEqual([])
    model.take({ type: 'skipped' })
    model.accept(recordWith(900_000))
    model.take(linesEvent(900_001, 'newest'))
    await settle()
    expect(model.line(1)?.text).toBe('0: line 1')
    expect(model.line(900_001)?.text).toBe('newest')
    expect(model.rows).toBe(900_001)
    expect(asked.length).toBeLessThanOrEqual(2)
  })

  test('of the stream and of pages have their own place, whichever comes first', async () => {
    const { model, settle } = setUp(12)
    model.accept(recordWith(10))
    model.want(1, 10)
    model.take(linesEvent(11, 'live 11', 'live 12'))
    await settle()
    model.take(linesEvent(9, 'live 9', 'live 10'))
    expect(model.total).toBe(12)
    expect(Array.from({ length: 12 }, (_, i) => model.line(i + 1)?.number)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    )
  })

  test('that cannot be had are asked for again, and why is told meanwhile', async () => {
    const { model, gateway, waits, settle } = setUp(10)
    gateway.failure = new Error('no connection')
    model.accept(recordWith(10))
    model.want(1, 10)
    await settle()
    expect(model.failure).not.toBeNull()
    gateway.failure = null
    waits.shift()?.()
    await settle()
    expect(model.failure).toBeNull()
    expect(model.line(10)?.text).toBe('0: line 10')
  })

  test('that are very long are kept in part', () => {
    const { model } = setUp(0)
    model.take(linesEvent(1, 'x'.repeat(1_000_000)))
    expect(model.line(1)).toMatchObject({ chars: 1_000_000 })
    expect(model.line(1)?.text.length).toBeLessThan(10_000)
  })
})

test('what lines are comes with them, and may be learnt later', () => {
  const { model } = setUp(0)
  model.take({ ...linesEvent(1, '. summarize nobody', 'variable nobody not found'), kinds: { command: [1] } })
  expect(model.line(2)?.kind).toBe('output')
  model.take({ ...linesEvent(3, 'r(111);'), kinds: { error: [2, 3] } })
  expect([1, 2, 3].map((line) => model.line(line)?.kind)).toEqual(['command', 'error', 'error'])
})

test('the unfinished last line is a row until it is finished', () => {
  const { model } = setUp(0)
  model.take(linesEvent(1, 'one'))
  model.take({ type: 'partial', line: 2, text: '....' })
  expect(model.rows).toBe(2)
  expect(model.line(2)?.text).toBe('....')
  model.take(linesEvent(2, '....done'))
  expect(model.partial).toBeNull()
  expect(model.rows).toBe(2)
  expect(model.line(2)?.text).toBe('....done')
})

describe('a log that begins anew', () => {
  test('leaves no line of the old one', async () => {
    const { model, gateway, settle } = setUp(100)
    model.accept(recordWith(100))
    model.want(1, 100)
    await settle()
    Object.assign(gateway, { generation: 1, total: 2 })
    model.take({ type: 'reset', generation: 1, reason: 'replaced' })
    expect(model.rows).toBe(0)
    model.take(linesEvent(1, 'new one', 'new two'))
    model.want(1, 2)
    await settle()
    expect(model.total).toBe(2)
    expect(model.line(1)?.text).toBe('new one')
  })

  test('is noticed from a page as well, when the stream has not told it yet', async () => {
    const { model, gateway, settle } = setUp(1_000)
    model.accept(recordWith(1_000))
    model.want(1, 40)
    await settle()
    Object.assign(gateway, { generation: 1, total: 600 })
    model.want(560, 600)
    await settle()
    expect(model.total).toBe(600)
    expect(model.line(1)).toBeUndefined()
    model.take({ type: 'reset', generation: 1, reason: 'truncated' })
    expect(model.line(600)?.text).toBe('1: line 600')
  })

  test('and is shorter than was thought asks for nothing that is not there', async () => {
    const { model, asked, settle } = setUp(5)
    model.accept(recordWith(2_000))
    model.want(1_960, 2_000)
    await settle()
    expect(model.total).toBe(5)
    expect(asked).toHaveLength(1)
  })
})

test('listeners hear once a frame, however much has come', () => {
  const { model, draw } = setUp(0)
  let heard = 0
  const stop = model.subscribe(() => {
    heard += 1
  })
  for (let line = 1; line <= 5_000; line += 1) model.take(linesEvent(line, 'x'))
  expect(heard).toBe(0)
  draw()
  expect(heard).toBe(1)
  stop()
  model.take(linesEvent(5_001, 'x'))
  draw()
  expect(heard).toBe(1)
})
