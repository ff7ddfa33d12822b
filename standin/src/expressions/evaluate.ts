/** Expressions and values that must be of one kind. */
import type { Session } from '../session.ts'
import { typeMismatch } from '../stata-error.ts'
import { parseExpression } from './parse.ts'
import type { Value } from './values.ts'

export function evaluateNumber(text: string, session: Session): number {
  const value = parseExpression(text)(session.environment)
  if (typeof value === 'string') throw typeMismatch()
  return value
}

/** A condition holds unless it is 0: missing counts as true, as in Stata. */
export function isTrue(value: Value): boolean {
  if (typeof value === 'string') throw typeMismatch()
  return value !== 0
}
