/** Joins macro expansion to a session and the frame that is running. */
import { parseExpression } from '../expressions/parse.ts'
import type { Value } from '../expressions/values.ts'
import { currentDate, currentTime } from '../output/date-format.ts'
import { generalNumber } from '../output/format.ts'
import type { Session } from '../session.ts'
import type { MacroScope } from './expand.ts'
import { extendedFunction } from './extended-functions.ts'
import type { Frame } from './frame.ts'

/** Width of the %18.0g that numbers take in macros. */
const MACRO_NUMBER_WIDTH = 18

export class SessionScope implements MacroScope {
  readonly #session: Session
  readonly #frame: Frame

  constructor(session: Session, frame: Frame) {
    this.#session = session
    this.#frame = frame
  }

  local(name: string): string {
    return this.#frame.locals.get(name) ?? ''
  }

  global(name: string): string {
    if (name === 'S_DATE') return currentDate(this.#session.system.now())
    if (name === 'S_TIME') return currentTime(this.#session.system.now())
    return this.#session.globals.get(name) ?? ''
  }

  setLocal(name: string, value: string): void {
    this.#frame.locals.set(name, value)
  }

  evaluate(expression: string): string {
    return valueText(parseExpression(expression)(this.#session.environment))
  }

  extendedFunction(text: string): string {
    return extendedFunction(text, this.#session, this)
  }
}

/** A value as a macro holds it. */
export function valueText(value: Value): string {
  return typeof value === 'string' ? value : generalNumber(value, MACRO_NUMBER_WIDTH)
}
