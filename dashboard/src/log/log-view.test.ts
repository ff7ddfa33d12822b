import { describe, expect, test } from 'vitest'
import { LogView } from './log-view.ts'
import { rowWindow, spacerHeight } from './log-viewport.ts'

function open(range: { first: number; last: number } | null = null, rows = 1_000): LogView {
  const view = new LogView(range)
  view.resize(400)
  view.grow(rows)
  return view
}
const viewportOf = (view: LogView) => view.state.get().viewport
const sees = (view: LogView, line: number) => line >= view.visibleLines[0] && line <= view.visibleLines[1]

test('a log opens at its end and follows it', () => {
  const view = open()
  expect(rowWindow(viewportOf(view), 0).last).toBe(999)
  view.grow(5_000)
  expect(viewportOf(view).follows).toBe(true)
  expect(sees(view, 5_000)).toBe(true)
})

describe('an address with lines', () => {
  test('opens the log there', () => {
    const view = open({ first: 120, last: 140 })
    expect(sees(view, 120)).toBe(true)
    expect(viewportOf(view).follows).toBe(false)
    expect(view.state.get().range).toEqual({ first: 120, last: 140 })
  })

  test('that are not written yet waits for them', () => {
    const view = open({ first: 1_500, last: 1_500 })
    view.grow(2_000)
    expect(sees(view, 1_500)).toBe(true)
    view.grow(9_000)
    expect(sees(view, 1_500)).toBe(true)
  })
})

describe('lines are pointed at', () => {
  test('one by one, or on to another, in either direction', () => {
    const view = open()
    view.point(10, false)
    expect(view.state.get().range).toEqual({ first: 10, last: 10 })
    view.point(7, true)
    expect(view.state.get().range).toEqual({ first: 7, last: 10 })
    view.point(14, true)
    expect(view.state.get().range).toEqual({ first: 10, last: 14 })
    view.unpoint()
    expect(view.state.get().range).toBeNull()
  })

  test('and the log stays where it is, even if it followed its end', () => {
    const view = open()
    view.point(990, false)
    const { position } = viewportOf(view)
    view.grow(2_000)
    expect(viewportOf(view).position).toEqual(position)
  })
})

test('who looks elsewhere is told how much is new', () => {
  const view = open()
  view.scroll(spacerHeight(viewportOf(view)) - 400 - 500, 400, false)
  expect(viewportOf(view).follows).toBe(false)
  view.grow(1_250)
  expect(viewportOf(view).count - view.state.get().seen).toBe(250)
  view.follow()
  expect(sees(view, 1_250)).toBe(true)
})

test('the bar is moved when the rows go somewhere, and left alone while the reader moves it', () => {
  const view = open()
  const { scrollTop } = viewportOf(view)
  expect(view.barAt).not.toBe(scrollTop)
  view.acknowledge(scrollTop)
  // The wheel is heard of before the scrolling that it causes.
  view.release()
  expect(viewportOf(view).scrollTop).toBe(view.barAt)
  view.scroll(scrollTop - 300, 400, false)
  expect(viewportOf(view).scrollTop).toBe(view.barAt)
  view.goTo(10)
  expect(viewportOf(view).scrollTop).not.toBe(view.barAt)
})

test('a window that grows while the end is followed is no scrolling', () => {
  const view = open()
  view.scroll(spacerHeight(viewportOf(view)) - 600, 600, false)
  expect(viewportOf(view).follows).toBe(true)
})

test('a log that begins anew is followed, and points at nothing', () => {
  const view = open({ first: 120, last: 140 })
  view.grow(3)
  expect(view.state.get().range).toBeNull()
  expect(viewportOf(view).follows).toBe(true)
})

test('wrapping keeps the place', () => {
  const view = open()
  view.goTo(500)
  view.toggleWrap()
  expect(sees(view, 500)).toBe(true)
  view.toggleWrap()
  expect(sees(view, 500)).toBe(true)
})

test('the next error is looked for from the line pointed at, unless it is out of sight', () => {
  const view = open()
  view.goTo(500)
  expect(view.place).toBe(view.visibleLines[0])
  view.point(505, false)
  expect(view.place).toBe(505)
  view.goTo(100)
  expect(view.place).toBe(view.visibleLines[0])
})
