import { expect, test } from 'vitest'
import { checkExposure } from './exposure.ts'

const LOCAL = ['127.0.0.1', '127.0.0.2', '::1', 'localhost', 'LOCALHOST', '::ffff:127.0.0.1']
const OPEN = ['0.0.0.0', '::', '192.0.2.1', 'lab.example.org', '2001:db8::1', '']

test.each(LOCAL)('on %s auto needs no token and no warning, none is warned of, token needs one', (host) => {
  expect(checkExposure({ auth: 'auto', host, tokens: 0 })).toEqual({ ok: true, value: null })
  expect(checkExposure({ auth: 'token', host, tokens: 1 })).toEqual({ ok: true, value: null })
  expect(checkExposure({ auth: 'token', host, tokens: 0 })).toMatchObject({
    ok: false,
    error: expect.stringMatching(/tailgate token add/),
  })
  expect(checkExposure({ auth: 'none', host, tokens: 1 })).toMatchObject({
    ok: true,
    value: expect.stringMatching(/every user/),
  })
})

test.each(OPEN)('on %j a token is a must, none is refused, and plain text is warned of', (host) => {
  for (const auth of ['auto', 'token'] as const) {
    expect(checkExposure({ auth, host, tokens: 0 })).toMatchObject({
      ok: false,
      error: expect.stringMatching(/tailgate token add/),
    })
    expect(checkExposure({ auth, host, tokens: 1 })).toMatchObject({
      ok: true,
      value: expect.stringMatching(/unencrypted/),
    })
  }
  expect(checkExposure({ auth: 'none', host, tokens: 1 })).toMatchObject({
    ok: false,
    error: expect.stringMatching(/everybody on the network/),
  })
})

test('on a Unix socket a token is a must, and none is refused', () => {
  for (const auth of ['auto', 'token'] as const) {
    expect(checkExposure({ auth, host: null, tokens: 0 })).toMatchObject({ ok: false })
    expect(checkExposure({ auth, host: null, tokens: 1 })).toEqual({ ok: true, value: null })
  }
  expect(checkExposure({ auth: 'none', host: null, tokens: 1 })).toMatchObject({
    ok: false,
    error: expect.stringMatching(/loopback/),
  })
})
