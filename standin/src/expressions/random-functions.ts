/** Random numbers. `set seed` makes them repeatable, but they are not Stata's own sequences. */
import { syntaxError } from '../stata-error.ts'
import { general, type NamedFunction, numberAt } from './function-entry.ts'
import { MISSING, normalize } from './values.ts'

/** A standard normal number by Box and Muller. */
function standardNormal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random())
}

export const randomFunctions: readonly NamedFunction[] = [
  general('runiform', 0, 2, (operands, environment) => {
    if (operands.length === 1) throw syntaxError()
    const low = operands.length > 0 ? numberAt(operands, 0) : 0
    const high = operands.length > 0 ? numberAt(operands, 1) : 1
    return low >= MISSING || high >= MISSING ? MISSING : normalize(low + (high - low) * environment.random())
  }),
  general('uniform', 0, 0, (_operands, environment) => environment.random()),
  general('runiformint', 2, 2, (operands, environment) => {
    const low = numberAt(operands, 0)
    const high = numberAt(operands, 1)
    if (low >= MISSING || high >= MISSING) return MISSING
    return Math.floor(low) + Math.floor(environment.random() * (Math.floor(high) - Math.floor(low) + 1))
  }),
  general('rnormal', 0, 2, (operands, environment) => {
    const mean = operands.length > 0 ? numberAt(operands, 0) : 0
    const deviation = operands.length > 1 ? numberAt(operands, 1) : 1
    if (mean >= MISSING || deviation >= MISSING) return MISSING
    return normalize(mean + deviation * standardNormal(() => environment.random()))
  }),
]
