import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinePages } from './line-pages.ts'
import type { LogLine } from './log-line.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`line-pages.test.ts: fast-check seed ${seed}`)

const lineOf = (number: number, text = `line ${number}`): LogLine => ({ number, text, kind: 'output' })
const linesFrom = (from: number, count: number, text?: string) =>
  Array.from({ length: count }, (_, i) => lineOf(from + i, text))

test('asking for what is missing until nothing is brings every wanted line, once', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 5_000 }),
    fc.nat(1_500),
    fc.integer({ min: 50, max: 600 }),
    fc.array(fc.integer({ min: 1, max: 6_000 }), { maxLength: 5 }),
    (first, more, most, stray) => {
      const pages = new LinePages()
      for (const number of stray) pages.put([lineOf(number)])
      const asked = new Set<number>()
      for (let gap = pages.missing(first, first + more); gap !== null; gap = pages.missing(first, first + more)) {
        expect(gap.count).toBeLessThanOrEqual(2_000)
        // The gateway may give fewer lines than were asked for.
        const lines = linesFrom(gap.from, Math.min(gap.count, most))
        for (const { number } of lines) {
          expect(asked.has(number)).toBe(false)
          asked.add(number)
        }
        pages.put(lines)
      }
      for (let number = first; number <= first + more; number += 1) expect(pages.line(number)?.number).toBe(number)
    },
  )
  fc.assert(property, { seed, numRuns: 25 })
})

test('memory is bounded: what was not looked at for longest goes, what is on the screen stays', () => {
  const pages = new LinePages(200_000)
  pages.put(linesFrom(1, 500))
  for (let from = 501; from < 50_000; from += 500) {
    expect(pages.missing(1, 30)).toBeNull()
    pages.put(linesFrom(from, 500))
  }
  expect(pages.bytes).toBeLessThan(200_000)
  expect(pages.line(1)?.text).toBe('line 1')
  expect(pages.line(49_999)?.text).toBe('line 49999')
  expect(pages.line(10_000)).toBeUndefined()
})

test('its account of memory is that of the lines that are there', () => {
  const puts = fc.array(fc.record({ from: fc.integer({ min: 1, max: 3_000 }), count: fc.nat(700), size: fc.nat(90) }))
  const property = fc.property(puts, (puts) => {
    const pages = new LinePages(150_000)
    for (const { from, count, size } of puts) pages.put(linesFrom(from, count, 'x'.repeat(size)))
    let bytes = 0
    for (let number = 1; number <= 4_000; number += 1) {
      const line = pages.line(number)
      if (line !== undefined) bytes += 96 + 2 * line.text.length
    }
    expect(pages.bytes).toBe(bytes)
    pages.clear()
    expect(pages.bytes).toBe(0)
  })
  fc.assert(property, { seed, numRuns: 25 })
})

test('a line whose kind is learnt later keeps its text', () => {
  const pages = new LinePages()
  pages.put(linesFrom(1, 3))
  pages.revise(2, 'error')
  pages.revise(999, 'error')
  expect(pages.line(2)).toEqual({ number: 2, text: 'line 2', kind: 'error' })
  expect(pages.line(999)).toBeUndefined()
})
