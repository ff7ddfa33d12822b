import { TailgateError } from '@tailgate/client'
import { beforeEach, expect, test } from 'vitest'
import { connection, reportFailure, reportSuccess } from './connection.ts'

beforeEach(() => connection.set('unknown'))

const fail = (code: TailgateError['code']) => reportFailure(new TailgateError(code, code))

test('a request that nobody answers says that the gateway is away, and any answer that it is back', () => {
  fail('network')
  expect(connection.get()).toBe('unreachable')
  fail('not-found')
  expect(connection.get()).toBe('reachable')
  fail('network')
  reportSuccess()
  expect(connection.get()).toBe('reachable')
})

test('a refusal for want of a token asks for a login, which other refusals do not end', () => {
  fail('unauthorized')
  fail('forbidden')
  expect(connection.get()).toBe('signed-out')
})

test('a page that was left says nothing about the gateway', () => {
  fail('aborted')
  reportFailure(new Error('a bug of the page'))
  expect(connection.get()).toBe('unknown')
})
