/** The operators of expressions. A missing operand makes arithmetic missing; comparisons order missing above all numbers. */
import { StataError, typeMismatch } from '../stata-error.ts'
import { fromBoolean, MISSING, normalize, type Value } from './values.ts'

export type BinaryOperator = (left: Value, right: Value) => Value

function arithmetic(apply: (left: number, right: number) => number): BinaryOperator {
  return (left, right) => {
    if (typeof left === 'string' || typeof right === 'string') throw typeMismatch()
    return left >= MISSING || right >= MISSING ? MISSING : normalize(apply(left, right))
  }
}

function comparison(holds: (order: number) => boolean): BinaryOperator {
  return (left, right) => {
    if (typeof left !== typeof right) throw typeMismatch()
    return fromBoolean(holds(left < right ? -1 : left > right ? 1 : 0))
  }
}

function logical(holds: (left: boolean, right: boolean) => boolean): BinaryOperator {
  return (left, right) => {
    if (typeof left === 'string' || typeof right === 'string') throw typeMismatch()
    return fromBoolean(holds(left !== 0, right !== 0))
  }
}

const sum = arithmetic((left, right) => left + right)
const product = arithmetic((left, right) => left * right)
const different = comparison((order) => order !== 0)

const OPERATORS: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ['+', (left, right) => (typeof left === 'string' && typeof right === 'string' ? left + right : sum(left, right))],
  ['-', arithmetic((left, right) => left - right)],
  ['*', repeatOrMultiply],
  ['/', arithmetic((left, right) => left / right)],
  ['^', arithmetic((left, right) => left ** right)],
  ['==', comparison((order) => order === 0)],
  ['!=', different],
  ['~=', different],
  ['<', comparison((order) => order < 0)],
  ['<=', comparison((order) => order <= 0)],
  ['>', comparison((order) => order > 0)],
  ['>=', comparison((order) => order >= 0)],
  ['&', logical((left, right) => left && right)],
  ['|', logical((left, right) => left || right)],
])

/** A string may not grow beyond Stata's own limit for one (2,000,000,000 bytes there; far less is enough here). */
const MAX_REPEATED_LENGTH = 1_000_000

/** "ab" * 3 and 3 * "ab" repeat the string. */
function repeatOrMultiply(left: Value, right: Value): Value {
  if (typeof left === typeof right) return product(left, right)
  const [text, count] = typeof left === 'string' ? [left, right] : [right, left]
  if (typeof text !== 'string' || typeof count !== 'number') throw typeMismatch()
  if (count >= MISSING || count < 1) return ''
  if (text.length * count > MAX_REPEATED_LENGTH) throw new StataError(1000, 'system limit exceeded')
  return text.repeat(Math.floor(count))
}

export function binaryOperator(symbol: string): BinaryOperator {
  const operator = OPERATORS.get(symbol)
  if (!operator) throw new Error(`Internal error: no operator ${symbol}`)
  return operator
}

export function negate(value: Value): Value {
  if (typeof value === 'string') throw typeMismatch()
  return value >= MISSING ? MISSING : -value
}

export function not(value: Value): Value {
  if (typeof value === 'string') throw typeMismatch()
  return fromBoolean(value === 0)
}
