import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import type * as z from 'zod'

/** Parses what came in from outside; the error names the parameter, says what is wrong with it and what to do. */

export function parseQuery<T extends z.ZodObject>(schema: T, query: unknown): Result<z.output<T>, TailgateError> {
  const parsed = schema.safeParse(query)
  return parsed.success ? ok(parsed.data) : err(invalidRequest(parsed.error, query, Object.keys(schema.shape)))
}

export function parseBody<T extends z.ZodObject>(schema: T, body: unknown): Result<z.output<T>, TailgateError> {
  if (body === undefined) {
    const message = 'The request has no JSON body: send one, with the header "Content-Type: application/json".'
    return err(new TailgateError('bad-request', message))
  }
  return parseQuery(schema, body)
}

/** The refusal that a failed parse stands for; `known` are the parameters that there are, if that is known. */
export function invalidRequest(error: z.ZodError, input: unknown, known: readonly string[] = []): TailgateError {
  const problems = error.issues.map((issue) => describe(issue, input, known))
  const parameter = error.issues.map(parameterOf).find((name) => name !== null)
  return new TailgateError('bad-request', problems.join(' '), parameter ? { details: { parameter } } : {})
}

function describe(issue: z.core.$ZodIssue, input: unknown, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => JSON.stringify(key)).join(', ')
    const hint = known.length === 0 ? '' : ` Known are: ${known.join(', ')}.`
    return `Unknown parameter ${names}.${hint}`
  }
  const name = parameterOf(issue)
  if (name === null) return `The parameters are not what was expected: ${issue.message}.`
  const given = valueAt(input, issue.path)
  if (given === undefined && issue.path.length === 1) return `Parameter ${JSON.stringify(name)} is missing.`
  if (issue.code === 'invalid_type' && Array.isArray(given)) {
    return `Parameter ${JSON.stringify(name)} is given more than once; give it once.`
  }
  return `Bad parameter ${JSON.stringify(name)}: ${issue.message}.`
}

function parameterOf(issue: z.core.$ZodIssue): string | null {
  if (issue.code === 'unrecognized_keys') return issue.keys[0] ?? null
  return issue.path.length === 0 ? null : issue.path.map(String).join('.')
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
