/** One function of the expression language, and the shapes most of them have. */
import { syntaxError, typeMismatch } from '../stata-error.ts'
import type { Environment } from './environment.ts'
import { MISSING, normalize, type Value } from './values.ts'

export interface FunctionEntry {
  readonly min: number
  readonly max: number
  readonly evaluate: (operands: readonly Value[], environment: Environment) => Value
}

export type NamedFunction = readonly [name: string, entry: FunctionEntry]

export function numberAt(operands: readonly Value[], index: number): number {
  const value = operands[index]
  if (typeof value === 'number') return value
  throw value === undefined ? syntaxError() : typeMismatch()
}

export function stringAt(operands: readonly Value[], index: number): string {
  const value = operands[index]
  if (typeof value === 'string') return value
  throw value === undefined ? syntaxError() : typeMismatch()
}

/** One number in, one out; missing in, missing out. */
export function numeric(name: string, apply: (value: number) => number): NamedFunction {
  const evaluate = (operands: readonly Value[]): Value => {
    const value = numberAt(operands, 0)
    return value >= MISSING ? MISSING : normalize(apply(value))
  }
  return [name, { min: 1, max: 1, evaluate }]
}

/** One string in, anything out. */
export function ofString(name: string, apply: (value: string) => Value): NamedFunction {
  return [name, { min: 1, max: 1, evaluate: (operands) => apply(stringAt(operands, 0)) }]
}

export function general(name: string, min: number, max: number, evaluate: FunctionEntry['evaluate']): NamedFunction {
  return [name, { min, max, evaluate }]
}
