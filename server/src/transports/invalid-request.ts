import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import * as z from 'zod'

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
  const parameter = error.issues.map((issue) => parameterOf(issue, input)).find((name) => name !== null)
  return new TailgateError('bad-request', problems.join(' '), parameter ? { details: { parameter } } : {})
}

function describe(issue: z.core.$ZodIssue, input: unknown, known: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => JSON.stringify(key)).join(', ')
    const hint = known.length === 0 ? '' : ` Known are: ${known.join(', ')}.`
    return `Unknown parameter ${names}.${hint}`
  }
  const name = parameterOf(issue, input)
  if (name === null) {
    return issue.code === 'invalid_type'
      ? 'The parameters must be one JSON object.'
      : `The parameters are not what was expected: ${issue.message}.`
  }
  const given = valueAt(input, issue.path)
  if (given === undefined && issue.path.length === 1) return `Parameter ${JSON.stringify(name)} is missing.`
  if (issue.code === 'invalid_type' && Array.isArray(given)) {
    return `Parameter ${JSON.stringify(name)} is given more than once; give it once.`
  }
  return `Bad parameter ${JSON.stringify(name)}: ${issue.message}.`
}

function parameterOf(issue: z.core.$ZodIssue, input: unknown): string | null {
  if (issue.code === 'unrecognized_keys') return issue.keys[0] ?? null
  const [first] = issue.path
  if (first === undefined) return null
  // A list in a query may have come as one text: its caller knows of no parts.
  const isText = typeof valueAt(input, [first]) === 'string'
  return isText ? String(first) : issue.path.map(String).join('.')
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

/** Zod speaks to programmers; these words are for whoever sent the request. What a schema says itself comes first. */
z.config({ customError: requirement })

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
}

function requirement(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const name = TYPE_NAMES[issue.expected]
      return name === undefined ? undefined : `must be ${name}`
    }
    case 'invalid_value':
      return `must be ${anyOf(issue.values.map((value) => JSON.stringify(value)))}`
    case 'too_small':
      return limit(issue.origin, 'at least', issue.minimum)
    case 'too_big':
      return limit(issue.origin, 'at most', issue.maximum)
    default:
      return undefined
  }
}

function limit(origin: string, most: 'at least' | 'at most', bound: number | bigint): string {
  if (origin === 'string') return `must be ${most} ${bound} characters long`
  return origin === 'array' ? `must have ${most} ${bound} items` : `must be ${most} ${bound}`
}

function anyOf(values: readonly string[]): string {
  const last = values.at(-1) ?? ''
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`
}
