import { TailgateError } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { createGatewayAccess } from './gateway-access.ts'

test.each(['localhost:4000', '127.0.0.1:4000', 'ftp://lab', 'unix:/run/tailgate.sock', 'not a url', ''])(
  'the address %j is refused at once: a stream would try it for ever',
  (url) => {
    const create = () => createGatewayAccess({ url })
    expect(create).toThrow(TailgateError)
    expect(create).toThrow(
      `${JSON.stringify(url)} is not the URL of a gateway: give it in full, such as "http://127.0.0.1:4000".`,
    )
  },
)

test.each([
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
  ['http://[::1]:4000/', 'http://[::1]:4000'],
  ['HTTPS://stata.example.org/tailgate//', 'HTTPS://stata.example.org/tailgate'],
])('the address %j is taken, without a slash at its end', (url, base) => {
  expect(createGatewayAccess({ url }).base).toBe(base)
})
