import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  centred,
  following,
  heightOf,
  isAtEnd,
  type LogViewport,
  MAX_SPACER,
  paged,
  released,
  revealed,
  rowWindow,
  scrolled,
  settled,
  spacerHeight,
  startViewport,
  withCount,
  withHeight,
  withMeasured,
} from './log-viewport.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`log-viewport.test.ts: fast-check seed ${seed}`)

const ROW = 20
const viewportOf = (count: number, height = 600) => startViewport({ count, rowHeight: ROW, height })
const maxScroll = (viewport: LogViewport) => Math.max(0, spacerHeight(viewport) - viewport.height)
/** Pixels from the log's beginning to the viewport's top, of rows that are all one line high. */
const pixels = ({ position }: LogViewport) => position.row * ROW + position.inset
/** Where a row is on the screen. */
function screenTop(viewport: LogViewport, row: number): number {
  const { first, top } = rowWindow(viewport, 5)
  let y = top - viewport.scrollTop
  for (let at = first; at < row; at += 1) y += heightOf(viewport, at)
  return y
}

const TEN_MILLION = 10_000_000
const counts = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 61, max: 500_000 }),
  fc.constant(TEN_MILLION),
)

describe('a log of ten million rows', () => {
  test('has a scroll bar that browsers can show, from the first row to the last', () => {
    const viewport = viewportOf(TEN_MILLION)
    expect(spacerHeight(viewport)).toBe(MAX_SPACER)
    const end = scrolled(viewport, maxScroll(viewport))
    const { last } = rowWindow(end, 5)
    expect(last).toBe(TEN_MILLION - 1)
    expect(screenTop(end, last) + ROW).toBe(600)
    expect(isAtEnd(end)).toBe(true)
    expect(scrolled(end, 0).position).toEqual({ row: 0, inset: 0 })
  })

  test('moves by the pixels of the wheel, not by thousands of rows', () => {
    const middle = centred(viewportOf(TEN_MILLION), 5_000_000)
    const before = screenTop(middle, 5_000_000)
    const after = scrolled(middle, middle.scrollTop + 100)
    expect(screenTop(after, 5_000_000)).toBe(before - 100)
  })

  test('goes in proportion when its scroll bar is dragged', () => {
    const viewport = viewportOf(TEN_MILLION)
    const middle = scrolled(viewport, maxScroll(viewport) / 2)
    expect(Math.abs(middle.position.row - TEN_MILLION / 2)).toBeLessThan(30)
  })
})

test('wheel, keys and touch move the rows by what the browser scrolled, however long the log', () => {
  const property = fc.property(
    counts,
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.array(fc.integer({ min: -900, max: 900 }), { maxLength: 20 }),
    (count, place, steps) => {
      let viewport = viewportOf(count)
      viewport = scrolled(viewport, Math.round(place * maxScroll(viewport)))
      const most = Math.max(0, count * ROW - viewport.height)
      for (const step of steps) {
        const before = viewport
        const scrollTop = Math.max(0, Math.min(maxScroll(before), before.scrollTop + step))
        viewport = scrolled(before, scrollTop)
        const moved = scrollTop - before.scrollTop
        expect(pixels(viewport)).toBeCloseTo(Math.max(0, Math.min(most, pixels(before) + moved)), 3)
        // Where the bar cannot go on, neither can the log.
        if (viewport.scrollTop <= 0) expect(viewport.position).toEqual({ row: 0, inset: 0 })
        if (viewport.scrollTop >= maxScroll(viewport)) expect(isAtEnd(viewport)).toBe(true)
      }
    },
  )
  fc.assert(property, { seed })
})

test('near the ends of a long log, the bar stops no wheel before the log does', () => {
  const property = fc.property(fc.nat(90_000), fc.nat(3_000), (place, way) => {
    const top = settled(scrolled(viewportOf(TEN_MILLION), place))
    const up = scrolled(top, Math.max(0, top.scrollTop - way))
    expect(Math.abs(pixels(up) - Math.max(0, pixels(top) - way))).toBeLessThanOrEqual(1)
    const end = following(viewportOf(TEN_MILLION))
    const above = settled(scrolled(end, end.scrollTop - place))
    const down = scrolled(above, Math.min(end.scrollTop, above.scrollTop + way))
    expect(Math.abs(pixels(down) - Math.min(pixels(end), pixels(above) + way))).toBeLessThanOrEqual(1)
  })
  fc.assert(property, { seed })
})

test('putting the bar right moves no row, and is done once', () => {
  const property = fc.property(counts, fc.nat(), fc.integer({ min: -3_000, max: 3_000 }), (count, row, step) => {
    const start = centred(viewportOf(count), count === 0 ? 0 : row % count)
    const drifted = scrolled(start, Math.max(0, Math.min(maxScroll(start), start.scrollTop + step)))
    const right = settled(drifted)
    expect(right.position).toEqual(drifted.position)
    expect(settled(right)).toBe(right)
    // What the bar says then is where dragging it there would lead, but for the rounding of the bar.
    const rows = Math.max(1, (count * ROW) / MAX_SPACER) * 3
    const dragged = scrolled(viewportOf(count), right.scrollTop)
    expect(Math.abs(pixels(dragged) - pixels(right))).toBeLessThan(rows * ROW)
  })
  fc.assert(property, { seed })
})

test('every row can be gone to, and is then seen whole', () => {
  const property = fc.property(counts, fc.nat(), fc.integer({ min: 40, max: 1_500 }), (count, any, height) => {
    fc.pre(count > 0)
    const row = any % count
    for (const there of [centred(viewportOf(count, height), row), revealed(viewportOf(count, height), row)]) {
      expect(screenTop(there, row)).toBeGreaterThanOrEqual(-0.5)
      expect(screenTop(there, row) + ROW).toBeLessThanOrEqual(height + 0.5)
      expect(there.scrollTop).toBeLessThanOrEqual(maxScroll(there))
    }
  })
  fc.assert(property, { seed })
})

describe('while following', () => {
  test('the last row stays at the foot, as rows are added and the window changes', () => {
    const growth = fc.array(fc.record({ rows: fc.nat(300_000), height: fc.integer({ min: 50, max: 1_200 }) }), {
      maxLength: 12,
    })
    const property = fc.property(growth, (steps) => {
      let viewport = following(viewportOf(0))
      for (const { rows, height } of steps) {
        viewport = withHeight(withCount(viewport, viewport.count + rows), height)
        expect(viewport.follows).toBe(true)
        expect(viewport.scrollTop).toBe(maxScroll(viewport))
        if (viewport.count * ROW < height) continue
        expect(screenTop(viewport, viewport.count - 1) + ROW).toBeCloseTo(height, 3)
      }
    })
    fc.assert(property, { seed })
  })

  test('scrolling up stops it, and the log grows below without moving what is read', () => {
    const end = following(viewportOf(1_000))
    const up = scrolled(end, end.scrollTop - 100)
    expect(up.follows).toBe(false)
    const more = withCount(up, 900_000)
    expect(more.position).toEqual(up.position)
    expect(screenTop(more, 960)).toBe(screenTop(up, 960))
  })

  test('the first frame of smooth scrolling, less than a pixel, stops it and is not undone', () => {
    for (const count of [1_000, TEN_MILLION]) {
      const end = following(viewportOf(count))
      const up = scrolled(end, end.scrollTop - 0.3)
      expect(up.follows).toBe(false)
      expect(up.scrollTop).toBe(end.scrollTop - 0.3)
    }
  })

  test('scrolling back to the end begins it again', () => {
    const up = released(following(viewportOf(1_000)))
    const away = scrolled(up, up.scrollTop - 300)
    expect(scrolled(away, maxScroll(away)).follows).toBe(true)
  })

  test('a bar that the browser put where it was told does not stop it', () => {
    const end = following(viewportOf(1_000))
    expect(scrolled(end, end.scrollTop)).toBe(end)
  })
})

describe('rows that wrap', () => {
  test('are all reached by scrolling on, each at its own height', () => {
    const heights = Array.from({ length: 200 }, (_, row) => [row, ROW * (1 + (row % 7))] as const)
    let viewport = withMeasured(viewportOf(200), heights)
    const seen = new Set<number>()
    for (let turn = 0; turn < 500 && !isAtEnd(viewport); turn += 1) {
      const { first, last } = rowWindow(viewport, 0)
      for (let row = first; row <= last; row += 1) seen.add(row)
      viewport = scrolled(viewport, Math.min(maxScroll(viewport), viewport.scrollTop + 90))
    }
    const { last } = rowWindow(viewport, 0)
    seen.add(last)
    expect(last).toBe(199)
    expect(seen.size).toBe(200)
    expect(screenTop(viewport, 199) + heightOf(viewport, 199)).toBeCloseTo(600, 0)
  })

  test('do not move what is on the screen when rows elsewhere turn out to be higher', () => {
    const middle = centred(viewportOf(10_000), 5_000)
    const measured = withMeasured(middle, [
      [5_040, 80],
      [4_000, 200],
    ])
    expect(measured.position).toEqual(middle.position)
    expect(spacerHeight(measured)).toBe(spacerHeight(middle) + 60 + 180)
  })

  test('forget their heights when a new log begins', () => {
    const viewport = withMeasured(viewportOf(100), [[3, 100]])
    expect(heightOf(withCount(viewport, 10), 3)).toBe(ROW)
  })
})

test('pages overlap by a row, and the last one is the end', () => {
  const viewport = viewportOf(100)
  expect(paged(viewport, 1).position).toEqual({ row: 29, inset: 0 })
  expect(paged(viewport, 9).follows).toBe(true)
  expect(paged(paged(viewport, 1), -1).position).toEqual({ row: 0, inset: 0 })
})
