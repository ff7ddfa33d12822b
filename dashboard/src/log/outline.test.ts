import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  EMPTY_OUTLINE,
  entryAt,
  entryTitle,
  extended,
  MAX_COMMANDS,
  matching,
  type OutlineEntry,
  withoutWrapper,
} from './outline.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`outline.test.ts: fast-check seed ${seed}`)

const command = (number: number, text = `. do ${number}`): OutlineEntry => ({ kind: 'command', number, lines: 1, text })
const error = (number: number, lines = 1): OutlineEntry => ({ kind: 'error', number, lines, text: `error ${number}` })

test('however they come, entries are in order, each once, and the line before tells what a line belongs to', () => {
  const batches = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { maxLength: 20 }), { maxLength: 8 })
  const property = fc.property(batches, fc.integer({ min: 1, max: 500 }), (batches, line) => {
    let outline = EMPTY_OUTLINE
    for (const numbers of batches)
      outline = extended(
        outline,
        numbers.map((number) => command(number)),
        0,
      )
    const expected = [...new Set(batches.flat())].sort((one, other) => one - other)
    expect(outline.entries.map(({ number }) => number)).toEqual(expected)
    expect(entryAt(outline.entries, line)?.number).toBe(expected.findLast((number) => number <= line))
  })
  fc.assert(property, { seed })
})

test('the lines of an error that become known one by one are one error', () => {
  let outline = extended(EMPTY_OUTLINE, [command(1), error(4)], 4)
  outline = extended(outline, [error(3)], 4)
  outline = extended(outline, [command(9), error(10), error(11)], 11)
  expect(outline.entries.map(({ number, lines }) => [number, lines])).toEqual([
    [1, 1],
    [3, 2],
    [9, 1],
    [10, 2],
  ])
  expect(outline.errors).toBe(2)
})

test('a log with more commands than anybody reads lists the first of them, and every error, and says so', () => {
  const many = Array.from({ length: MAX_COMMANDS + 5 }, (_, i) => command(i + 1))
  const outline = extended(EMPTY_OUTLINE, [...many, error(MAX_COMMANDS + 6)], MAX_COMMANDS + 6)
  expect(outline.entries).toHaveLength(MAX_COMMANDS + 1)
  expect(outline.entries.at(-1)).toMatchObject({ kind: 'error', number: MAX_COMMANDS + 6 })
  expect(outline.errors).toBe(1)
  expect(outline.isFull).toBe(true)
})

test('an outline of which not all was asked for says so', () => {
  expect(extended(EMPTY_OUTLINE, [command(1)], 1).isFull).toBe(false)
  const outline = extended(EMPTY_OUTLINE, [command(1)], 1, { isCut: true })
  expect(outline.isFull).toBe(true)
  expect(extended(outline, [error(2)], 2).isFull).toBe(true)
})

describe('the title of an entry', () => {
  const titleOf = (text: string) => entryTitle(command(1, text))
  test('is the command without its prompt', () => {
    expect(titleOf('. regress wage age')).toEqual({ isComment: false, title: 'regress wage age' })
    expect(titleOf('  2. display 1')).toEqual({ isComment: false, title: 'display 1' })
  })

  test('is what a comment says, whatever it is framed by', () => {
    expect(titleOf('. * ---- Wages of women ----')).toEqual({ isComment: true, title: 'Wages of women' })
    expect(titleOf('. // 1. Data')).toEqual({ isComment: true, title: '1. Data' })
    expect(titleOf('. *')).toEqual({ isComment: true, title: '' })
  })
})

test('the filter finds commands in either case', () => {
  const entries = [command(1, '. Regress wage'), command(2, '. summarize')]
  expect(matching(entries, 'REG')).toEqual([entries[0]])
  expect(matching(entries, ' ')).toBe(entries)
})

test("the wrapper's two commands are not the user's, and nothing else is left out", () => {
  const wrapper = [command(3, '. cd `"/projects"\''), command(6, '. do `"/projects/main.do"\'')]
  const own = [command(8, '. cd work'), command(10, '. do `"sub.do"\'')]
  expect(withoutWrapper([...wrapper, ...own])).toEqual(own)
  expect(withoutWrapper(own)).toEqual(own)
  expect(withoutWrapper(wrapper.slice(0, 1))).toEqual(wrapper.slice(0, 1))
})
