/**
 * Expressions: tokens in, a closure that evaluates out. Pure.
 *
 * Compiling to closures lets `generate` run one expression over a million observations without walking a tree, and lets a
 * loop reuse an expression whose text did not change. Types are checked when it runs, as in Stata.
 *
 * Binding, tightest first: ! ~, ^, unary -, / *, - +, comparisons, &, |.
 */
import { notFound, StataError, syntaxError, typeMismatch } from '../stata-error.ts'
import type { Environment } from './environment.ts'
import { FUNCTIONS } from './functions.ts'
import { binaryOperator, negate, not } from './operators.ts'
import { Tokens } from './tokens.ts'
import type { Value } from './values.ts'

export type Expression = (environment: Environment) => Value

/** Parses all of `text`; anything left over is invalid syntax. */
export function parseExpression(text: string): Expression {
  const cached = cache.get(text)
  if (cached) return cached
  const tokens = new Tokens(text)
  const expression = parseFrom(tokens)
  const rest = tokens.next()
  if (rest.kind === 'other') throw new StataError(198, `${rest.value} invalid name`)
  if (rest.kind !== 'end') throw rest.kind === 'name' ? new StataError(198, `invalid '${rest.value}' `) : syntaxError()
  if (cache.size >= CACHE_SIZE) cache.clear()
  cache.set(text, expression)
  return expression
}

/** Parses one expression and stops at the first token that cannot continue it. */
export function parseFrom(tokens: Tokens): Expression {
  return parseBinary(tokens, 1)
}

const CACHE_SIZE = 2000
const cache = new Map<string, Expression>()

/** How tightly binary operators bind. */
const PRECEDENCE: ReadonlyMap<string, number> = new Map([
  ['|', 1],
  ['&', 2],
  ['>', 3],
  ['<', 3],
  ['>=', 3],
  ['<=', 3],
  ['==', 3],
  ['!=', 3],
  ['~=', 3],
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
])

/** Precedence climbing: takes operators that bind at least as tightly as `weakest`. */
function parseBinary(tokens: Tokens, weakest: number): Expression {
  let left = parseNegation(tokens)
  for (;;) {
    const token = tokens.peek()
    if (token.kind !== 'operator') return left
    if (token.value === '=') throw new StataError(198, '=exp not allowed')
    const precedence = PRECEDENCE.get(token.value)
    if (precedence === undefined || precedence < weakest) return left
    tokens.next()
    const apply = binaryOperator(token.value)
    const first = left
    const second = parseBinary(tokens, precedence + 1)
    left = (environment) => apply(first(environment), second(environment))
  }
}

function parseNegation(tokens: Tokens): Expression {
  if (tokens.accept('-')) {
    const operand = parseNegation(tokens)
    return (environment) => negate(operand(environment))
  }
  if (tokens.accept('+')) return parseNegation(tokens)
  return parsePower(tokens)
}

function parsePower(tokens: Tokens): Expression {
  let left = parseNot(tokens)
  while (tokens.accept('^')) {
    const apply = binaryOperator('^')
    const first = left
    const second = parsePowerOperand(tokens)
    left = (environment) => apply(first(environment), second(environment))
  }
  return left
}

function parsePowerOperand(tokens: Tokens): Expression {
  if (!tokens.accept('-')) return parseNot(tokens)
  const operand = parsePowerOperand(tokens)
  return (environment) => negate(operand(environment))
}

function parseNot(tokens: Tokens): Expression {
  if (!tokens.accept('!') && !tokens.accept('~')) return parsePrimary(tokens)
  const operand = parseNot(tokens)
  return (environment) => not(operand(environment))
}

function parsePrimary(tokens: Tokens): Expression {
  const token = tokens.peek()
  switch (token.kind) {
    case 'number':
    case 'string': {
      tokens.next()
      const { value } = token
      return () => value
    }
    case 'name':
      return parseName(tokens, token.value)
    case 'operator': {
      if (!tokens.accept('(')) throw syntaxError()
      const inner = parseFrom(tokens)
      if (!tokens.accept(')')) throw new StataError(132, "too few ')' or ']'")
      return inner
    }
    case 'other':
      throw new StataError(198, `${token.value} invalid name`)
    case 'end':
      throw syntaxError()
  }
}

function parseName(tokens: Tokens, name: string): Expression {
  const isCall = tokens.isFollowedBy('(')
  tokens.next()
  if (isCall) return parseCall(tokens, name)
  if (tokens.peek().kind === 'operator' && tokens.accept('[')) {
    const index = parseFrom(tokens)
    if (!tokens.accept(']')) throw new StataError(132, "too few ')' or ']'")
    return (environment) => {
      const position = index(environment)
      if (typeof position === 'string') throw typeMismatch()
      return environment.element(name, position)
    }
  }
  switch (name) {
    case '_n':
      return (environment) => environment.observation
    case '_N':
      return (environment) => environment.observations
    case '_rc':
      return (environment) => environment.returnCode
    case '_pi':
      return () => Math.PI
    default:
      return (environment) => {
        const value = environment.lookup(name)
        if (value === undefined) throw notFound(name)
        return value
      }
  }
}

function parseCall(tokens: Tokens, name: string): Expression {
  tokens.accept('(')
  if (name === 'r' || name === 'e' || name === 'c' || name === 'scalar') return parseStored(tokens, name)
  const call = FUNCTIONS.get(name)
  if (!call) throw new StataError(133, `unknown function ${name}()`)
  const operands: Expression[] = []
  if (!tokens.accept(')')) {
    do operands.push(parseFrom(tokens))
    while (tokens.accept(','))
    if (!tokens.accept(')')) throw new StataError(132, "too few ')' or ']'")
  }
  if (operands.length < call.min || operands.length > call.max) throw syntaxError()
  const { evaluate } = call
  return (environment) =>
    evaluate(
      operands.map((operand) => operand(environment)),
      environment,
    )
}

function parseStored(tokens: Tokens, family: 'r' | 'e' | 'c' | 'scalar'): Expression {
  const token = tokens.next()
  if (token.kind !== 'name' || !tokens.accept(')')) throw syntaxError()
  const { value: name } = token
  if (family !== 'scalar') return (environment) => environment.stored(family, name)
  return (environment) => {
    const value = environment.scalar(name)
    if (value === undefined) throw notFound(name)
    return value
  }
}
