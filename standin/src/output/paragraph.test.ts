import { expect, test } from 'vitest'
import { paragraph } from './paragraph.ts'

test('a short message is one line', () => {
  expect(paragraph('bad_var not found', 79)).toEqual(['bad_var not found'])
})

test('words that do not fit go on with an indent of four', () => {
  const path = `/var/folders/${'n'.repeat(55)}`
  expect(paragraph(`file ${path} saved as .dta format`, 79)).toEqual([`file ${path}`, '    saved as .dta format'])
})

test('a word longer than a line is cut', () => {
  expect(paragraph(`(file ${'p'.repeat(100)} not found)`, 79)).toEqual([
    '(file',
    `    ${'p'.repeat(72)}`,
    `    > ${'p'.repeat(28)} not found)`,
  ])
})
