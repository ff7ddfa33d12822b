import { expect, test } from 'vitest'
import { isMark } from './mark-rules.ts'

test('commands are marks, echoes of empty lines are not', () => {
  expect(isMark('command', '. summarize wage', '')).toBe(true)
  expect(isMark('command', '. * Wages', '')).toBe(true)
  expect(isMark('command', '. ', '')).toBe(false)
  expect(isMark('command', ': ', '')).toBe(false)
})

test('an error is a mark where it happens, and not once more in every do-file that it ends', () => {
  expect(isMark('error', 'variable nobody not found', '. summarize nobody')).toBe(true)
  expect(isMark('error', 'r(111);', '. exit 111')).toBe(true)
  expect(isMark('error', 'r(111);', 'end of do-file')).toBe(false)
})
