/** Numeric and logical functions. */
import { typeMismatch } from '../stata-error.ts'
import { general, type NamedFunction, numberAt, numeric } from './function-entry.ts'
import { fromBoolean, isMissing, MISSING, normalize, type Value } from './values.ts'

/** Rounds to the nearest multiple of `unit`, halves up, as Stata's round() does. */
function round(value: number, unit: number): number {
  return unit === 0 ? value : Math.floor(value / unit + 0.5) * unit
}

function sameTypes(operands: readonly Value[]): void {
  if (operands.some((operand) => typeof operand !== typeof operands[0])) throw typeMismatch()
}

/** min() and max() pass over missing operands, and are missing only if all are. */
function extreme(name: string, better: (candidate: number, best: number) => boolean): NamedFunction {
  return general(name, 1, 255, (operands) => {
    let best = MISSING
    for (let i = 0; i < operands.length; i++) {
      const value = numberAt(operands, i)
      if (value < MISSING && (best >= MISSING || better(value, best))) best = value
    }
    return best
  })
}

export const mathFunctions: readonly NamedFunction[] = [
  numeric('abs', Math.abs),
  numeric('exp', Math.exp),
  numeric('ln', Math.log),
  numeric('log', Math.log),
  numeric('log10', Math.log10),
  numeric('sqrt', Math.sqrt),
  numeric('int', Math.trunc),
  numeric('trunc', Math.trunc),
  numeric('floor', Math.floor),
  numeric('ceil', Math.ceil),
  numeric('sign', Math.sign),
  numeric('sin', Math.sin),
  numeric('cos', Math.cos),
  numeric('tan', Math.tan),
  numeric('atan', Math.atan),
  general('round', 1, 2, (operands) => {
    const value = numberAt(operands, 0)
    const unit = operands.length > 1 ? numberAt(operands, 1) : 1
    return value >= MISSING || unit >= MISSING ? value : normalize(round(value, unit))
  }),
  general('mod', 2, 2, (operands) => {
    const value = numberAt(operands, 0)
    const modulus = numberAt(operands, 1)
    if (value >= MISSING || modulus >= MISSING || modulus <= 0) return MISSING
    return normalize(value - modulus * Math.floor(value / modulus))
  }),
  extreme('min', (candidate, best) => candidate < best),
  extreme('max', (candidate, best) => candidate > best),
  general('missing', 1, 255, (operands) => fromBoolean(operands.some(isMissing))),
  general('mi', 1, 255, (operands) => fromBoolean(operands.some(isMissing))),
  general('cond', 3, 4, (operands) => {
    const condition = numberAt(operands, 0)
    if (condition >= MISSING && operands.length === 4) return operands[3] ?? MISSING
    return (condition !== 0 ? operands[1] : operands[2]) ?? MISSING
  }),
  general('inlist', 2, 255, (operands) => {
    sameTypes(operands)
    return fromBoolean(operands.slice(1).includes(operands[0] ?? MISSING))
  }),
  general('inrange', 3, 3, (operands) => {
    sameTypes(operands)
    const [value = MISSING, low = MISSING, high = MISSING] = operands
    if (isMissing(value)) return 0
    return fromBoolean((isMissing(low) || value >= low) && (isMissing(high) || value <= high))
  }),
]
