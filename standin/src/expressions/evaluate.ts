/** Expressions that must be of one kind. */
import type { Session } from '../session.ts'
import { StataError } from '../stata-error.ts'
import { parseExpression } from './parse.ts'

export function evaluateNumber(text: string, session: Session): number {
  const value = parseExpression(text)(session.environment)
  if (typeof value === 'string') throw new StataError(109, 'type mismatch')
  return value
}
