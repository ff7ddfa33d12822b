/** Which observations `if` and `in` select. */
import { isTrue } from '../expressions/evaluate.ts'
import { parseExpression } from '../expressions/parse.ts'
import type { Session } from '../session.ts'
import { StataError, syntaxError } from '../stata-error.ts'

/** The 0-based positions, in order. While one is taken, `if` has been evaluated at it. */
export function* selectedObservations(
  session: Session,
  condition: string | undefined,
  range: string | undefined,
): Generator<number> {
  const { environment, data } = session
  const [first, last] = range === undefined ? [0, data.count - 1] : parseInRange(range, data.count)
  const holds = condition === undefined ? undefined : parseExpression(condition)
  try {
    for (let index = first; index <= last; index++) {
      environment.index = index
      if (holds && !isTrue(holds(environment))) continue
      yield index
    }
  } finally {
    environment.index = 0
  }
}

/** `5`, `2/9`, `-3/l`, `f/10`: 0-based and inclusive. */
function parseInRange(text: string, count: number): readonly [first: number, last: number] {
  const match = /^(-?\d+|[fFlL])(?:\s*\/\s*(-?\d+|[fFlL]))?$/.exec(text.trim())
  if (!match) throw new StataError(198, `'${text}' invalid observation number`)
  const first = position(match[1] ?? '', count)
  const last = match[2] === undefined ? first : position(match[2], count)
  if (first < 1 || last < 1 || first > count || last > count || first > last) {
    throw new StataError(198, 'observation numbers out of range')
  }
  return [first - 1, last - 1]
}

function position(text: string, count: number): number {
  if (/^f$/i.test(text)) return 1
  if (/^l$/i.test(text)) return count
  const number = Number(text)
  if (number === 0) throw syntaxError()
  return number < 0 ? count + 1 + number : number
}
