import { expect, test } from 'vitest'
import { errorBodySchema, HTTP_STATUS, TailgateError } from './errors.ts'

test('the wire form has code, message and details, and neither cause nor stack', () => {
  const error = new TailgateError('conflict', 'No.', { details: { parameter: 'runKey' }, cause: new Error('secret') })
  const text = JSON.stringify(error.toBody())
  expect(text).toBe('{"error":{"code":"conflict","message":"No.","details":{"parameter":"runKey"}}}')
  expect(TailgateError.fromBody(errorBodySchema.parse(JSON.parse(text)))).toMatchObject({
    code: 'conflict',
    message: 'No.',
    details: { parameter: 'runKey' },
  })
})

test('an unknown value becomes internal and tells nothing of itself', () => {
  const cause = new Error('/secret/path')
  const error = TailgateError.from(cause)
  expect(error.code).toBe('internal')
  expect(error.cause).toBe(cause)
  expect(JSON.stringify(error.toBody())).not.toContain('secret')
  expect(TailgateError.from(error)).toBe(error)
})

test('each code of the gateway has the HTTP status of the protocol', () => {
  expect(HTTP_STATUS).toMatchObject({
    'bad-request': 400,
    unauthorized: 401,
    forbidden: 403,
    'not-found': 404,
    'method-not-allowed': 405,
    conflict: 409,
    'too-large': 413,
    'too-many-requests': 429,
    unavailable: 503,
  })
})
