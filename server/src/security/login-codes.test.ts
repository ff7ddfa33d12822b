import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createLoginCodes, LOGIN_CODE_TTL_MS, MAX_LOGIN_CODES } from './login-codes.ts'

function codes() {
  const clock = { now: 0 }
  return { clock, codes: createLoginCodes({ now: () => clock.now, randomBytes }) }
}

test('a code serves once', () => {
  const { codes: login } = codes()
  const code = login.issue('digest')
  expect(code).toMatch(/^[\w-]{43}$/)
  expect(login.redeem(`${code}x`)).toBeNull()
  expect(login.redeem(code)).toBe('digest')
  expect(login.redeem(code)).toBeNull()
})

test('a code is void after its time, and trying it then does not revive it', () => {
  const { clock, codes: login } = codes()
  const [early, late] = [login.issue('early'), login.issue('late')]
  clock.now = LOGIN_CODE_TTL_MS - 1
  expect(login.redeem(early)).toBe('early')
  clock.now = LOGIN_CODE_TTL_MS
  expect(login.redeem(late)).toBeNull()
  clock.now = 0
  expect(login.redeem(late)).toBeNull()
})

test('when there are too many, the oldest gives way', () => {
  const { codes: login } = codes()
  const issued = Array.from({ length: MAX_LOGIN_CODES + 1 }, (_, index) => login.issue(`${index}`))
  expect(login.redeem(issued[0] ?? '')).toBeNull()
  expect(issued.slice(1).map((code) => login.redeem(code))).toEqual(issued.slice(1).map((_, index) => `${index + 1}`))
})
