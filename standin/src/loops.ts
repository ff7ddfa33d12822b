/** The values that `forvalues` and `foreach` run over. Pure. */
import { StataError, syntaxError } from './stata-error.ts'

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`
const RANGE = new RegExp(
  String.raw`^(${NUMBER})\s*(?:/\s*(${NUMBER})|\(\s*(${NUMBER})\s*\)\s*(${NUMBER})|\s+(${NUMBER})\s+to\s+(${NUMBER})|\s+(${NUMBER})\s*:\s*(${NUMBER}))$`,
)

export interface NumberRange {
  readonly first: number
  readonly step: number
  readonly last: number
}

/** `1/5`, `1(2)9`, `10(-1)1`, `1 3 to 9`, `1 3 : 9`. */
export function parseRange(text: string): NumberRange {
  const match = RANGE.exec(text.trim())
  if (!match) throw syntaxError()
  const [first, slash, step, last, second, to, secondColon, colon] = match
    .slice(1)
    .map((part) => (part === undefined ? undefined : Number(part)))
  if (first === undefined) throw syntaxError()
  if (slash !== undefined) return { first, step: 1, last: slash }
  if (step !== undefined && last !== undefined) return { first, step, last }
  const next = second ?? secondColon
  const end = to ?? colon
  if (next === undefined || end === undefined) throw syntaxError()
  return { first, step: next - first, last: end }
}

/** Each value is computed from the first, so that steps like 0.1 do not drift. */
export function* rangeValues({ first, step, last }: NumberRange): Generator<number> {
  if (step === 0 || !Number.isFinite(step)) throw syntaxError()
  const slack = Math.abs(step) * 1e-9
  for (let i = 0; ; i++) {
    const value = first + i * step
    if (step > 0 ? value > last + slack : value < last - slack) return
    yield Math.abs(value - last) <= slack ? last : value
  }
}

/** A bound on numlists, which are written out in full before use. */
const MAX_NUMLIST = 1_000_000

/** `1 2 5/9 10(5)30`, as `foreach … of numlist` and `numlist` take it. */
export function parseNumlist(text: string): number[] {
  const values: number[] = []
  const joined = text
    .replace(/\s*\(\s*/g, '(')
    .replace(/\s*\)\s*/g, ')')
    .replace(/\s*\/\s*/g, '/')
    .replace(/,/g, ' ')
  for (const part of joined.trim().split(/\s+/)) {
    if (new RegExp(`^${NUMBER}$`).test(part)) values.push(Number(part))
    else {
      try {
        for (const value of rangeValues(parseRange(part))) {
          if (values.push(value) > MAX_NUMLIST) throw new StataError(123, 'invalid numlist has too many elements')
        }
      } catch (error) {
        if (error instanceof StataError && error.code === 198) throw new StataError(121, 'invalid numlist')
        throw error
      }
    }
  }
  return values
}
