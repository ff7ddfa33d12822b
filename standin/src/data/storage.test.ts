import { describe, expect, test } from 'vitest'
import { MISSING } from '../expressions/values.ts'
import { promoted, store } from './storage.ts'

describe('storing a value', () => {
  test.each([
    ['float', 0.1, Math.fround(0.1)],
    ['double', 0.1, 0.1],
    ['byte', 100, 100],
    ['byte', 101, MISSING],
    ['int', 2.9, 2],
    ['long', -2147483648, MISSING],
    ['byte', MISSING, MISSING],
  ] as const)('%s holds %d as %d', (type, value, expected) => {
    expect(store(type, value)).toBe(expected)
  })
})

describe('promoting a variable that is replaced', () => {
  test.each([
    ['byte', 5, 'byte'],
    ['byte', 1000, 'int'],
    ['byte', 1e6, 'long'],
    ['byte', 1e12, 'double'],
    ['int', 0.5, 'float'],
    ['long', 0.5, 'double'],
    ['float', 1e12, 'float'],
    ['str3', 'abcde', 'str5'],
    ['str9', 'abcde', 'str9'],
  ] as const)('%s given %s becomes %s', (type, value, expected) => {
    expect(promoted(type, value)).toBe(expected)
  })
})
