import { describe, expect, test } from 'vitest'
import { MISSING } from '../expressions/values.ts'
import { formatValue, generalNumber, parseFormat, requireFormat } from './format.ts'

describe('numbers as display shows them', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.5, '.5'],
    [-0.5, '-.5'],
    [1 / 3, '.33333333'],
    [Math.PI, '3.1415927'],
    [100000, '100000'],
    [12345678, '12345678'],
    [123456789, '1.235e+08'],
    [1e10, '1.000e+10'],
    [0.00001, '.00001'],
    [0.000001, '1.000e-06'],
    [1e-20, '1.000e-20'],
    [1e100, '1.00e+100'],
    [8.9e307, '8.90e+307'],
    [99999999.9, '1.000e+08'],
    [MISSING, '.'],
    [MISSING * (1 + 1 / 4096), '.a'],
  ])('%d is %s', (value, expected) => {
    expect(generalNumber(value, 10)).toBe(expected)
  })
})

describe('numbers as macros hold them', () => {
  test.each([
    [1 / 3, '.3333333333333333'],
    [0.1 + 0.2, '.3'],
    [5.765913757700205, '5.765913757700205'],
    [0.999315537303217, '.999315537303217'],
    [1e-6, '1.00000000000e-06'],
    [123456789012, '123456789012'],
  ])('%d is %s', (value, expected) => {
    expect(generalNumber(value, 18)).toBe(expected)
  })
})

describe('values under a %format', () => {
  test.each([
    ['%9.0g', 10000000, ' 1.00e+07'],
    ['%9.0g', Math.PI, ' 3.141593'],
    ['%9.2f', 0.5, '     0.50'],
    ['%12.6f', -64.086957, '  -64.086957'],
    ['%-9.2f', 1.5, '1.50     '],
    ['%10.0fc', 1234567, ' 1,234,567'],
    ['%05.1f', 2.25, '002.2'],
    ['%5.1f', 2.35, '  2.4'],
    ['%5.0f', 2.5, '    2'],
    ['%5.0f', 3.5, '    4'],
    ['%5.0f', -0.5, '   -0'],
    ['%21.2gc', 0.128, '                  .13'],
    ['%10.3e', 12345, ' 1.234e+04'],
    ['%9.2f', MISSING, '        .'],
    ['%td', 24198, '02apr2026'],
  ])('%s of %d is "%s"', (format, value, expected) => {
    expect(formatValue(requireFormat(format), value)).toBe(expected)
  })

  test.each([
    ['%8s', '      ab'],
    ['%-8s', 'ab      '],
    ['%~8s', '   ab   '],
    ['%1s', 'ab'],
  ])('%s of "ab" is "%s"', (format, expected) => {
    expect(formatValue(requireFormat(format), 'ab')).toBe(expected)
  })

  test.each(['%g', '%9', '9.2f', '%9.9f', '%x', '%300.2f', ''])('%s is no format', (text) => {
    expect(parseFormat(text)).toBeUndefined()
  })

  test('text under a number format is a type mismatch', () => {
    expect(() => formatValue(requireFormat('%9.2f'), 'ab')).toThrow('type mismatch')
  })
})
