import { describe, expect, test } from 'vitest'
import { checkRequest, type HostPolicy, isAllowedOrigin, type RequestHead } from './hosts-and-origins.ts'

const policy: HostPolicy = {
  allowedHosts: ['Lab.example.org', '.cluster.example.org', '192.0.2.7'],
  allowedOrigins: ['https://portal.example.org', 'http://portal.example.org:8000'],
}

const curl: RequestHead = {
  method: 'GET',
  host: '127.0.0.1:8420',
  origin: undefined,
  userAgent: 'curl/8.5.0',
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDest: undefined,
  purpose: undefined,
  localAddress: '127.0.0.1',
}

const UA = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'

/** What Chromium sends for `fetch` or `EventSource` of the gateway's own page. */
const ownPage: RequestHead = {
  ...curl,
  userAgent: UA,
  fetchSite: 'same-origin',
  fetchMode: 'cors',
  fetchDest: 'empty',
}

function verdict(request: RequestHead, action: 'read' | 'act'): string {
  const result = checkRequest(request, policy, action)
  return result.ok ? 'ok' : result.error.code
}

function both(request: RequestHead): string {
  return `${verdict(request, 'read')} ${verdict(request, 'act')}`
}

describe('Host', () => {
  test.each([
    ...['localhost', 'LOCALHOST:1', 'localhost.', 'localhost.:8420', '127.0.0.1', '127.8.8.8:9', '[::1]', '[::1]:8420'],
    ...['[::ffff:127.0.0.1]:8420', 'lab.example.org', 'LAB.example.org:443', 'lab.example.org.', '192.0.2.7:80'],
    ...['login1.cluster.example.org', 'a.b.cluster.example.org:8420'],
  ])('%j is ours', (host) => {
    expect(both({ ...curl, host })).toBe('ok ok')
  })

  test.each([
    ...['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'evillab.example.org', 'x.lab.example.org'],
    ...['cluster.example.org', 'evilcluster.example.org', '10.0.0.1', '[2001:db8::1]', '192.0.2.8', '0.0.0.0', '[::]'],
    ...['2130706433', '0x7f.1', '127.1', '0177.0.0.1', 'localhost.localdomain', 'lab.example.org.evil.example'],
  ])('%j is not ours', (host) => {
    expect(both({ ...curl, host })).toBe('forbidden forbidden')
  })

  test.each([
    ...['', ' ', 'localhost:', 'localhost:x', 'localhost:999999', 'a@localhost', 'localhost/x', 'http://localhost'],
    ...[
      'localhost, evil.example',
      'localhost evil.example',
      '[::1',
      '::1',
      '[localhost]',
      'loc\u0430lhost',
      'local\nhost',
    ],
  ])('%j is malformed', (host) => {
    expect(both({ ...curl, host })).toBe('bad-request bad-request')
  })

  test('a request without one is refused', () => {
    expect(both({ ...curl, host: undefined })).toBe('bad-request bad-request')
  })

  test('the address that the connection came in on is ours, whichever it is', () => {
    const request = { ...curl, host: '198.51.100.4:8420', localAddress: '::ffff:198.51.100.4' }
    expect(both(request)).toBe('ok ok')
    expect(both({ ...request, host: '198.51.100.5:8420' })).toBe('forbidden forbidden')
    expect(both({ ...curl, host: 'evil.example', localAddress: undefined })).toBe('forbidden forbidden')
    expect(both({ ...curl, localAddress: undefined })).toBe('ok ok')
  })

  test('a refusal shows the name without what a terminal would act on', () => {
    const result = checkRequest({ ...curl, host: 'x\u001b[2J' }, policy, 'read')
    expect(result.ok ? '' : result.error.message).toMatch(/^[ -~]+$/)
  })
})

describe('Origin', () => {
  test.each([
    ['our own', 'http://127.0.0.1:8420', '127.0.0.1:8420'],
    ['our own behind a TLS proxy', 'https://lab.example.org', 'lab.example.org'],
    ['our own with the default port written out', 'https://lab.example.org', 'lab.example.org:443'],
    ['our own in upper case', 'http://LOCALHOST:8420', 'localhost:8420'],
    ['an allowed one', 'https://portal.example.org', 'localhost:8420'],
    ['an allowed one with a port', 'http://portal.example.org:8000', 'localhost:8420'],
  ])('%s may read and act', (_, origin, host) => {
    expect(both({ ...ownPage, host, origin, method: 'POST' })).toBe('ok ok')
  })

  test.each([
    ['another site', 'https://evil.example'],
    ['another port of this host', 'http://127.0.0.1:9999'],
    ['another name of this host', 'http://localhost:8420'],
    ['no port', 'http://127.0.0.1'],
    ['a sandboxed page', 'null'],
    ['a file', 'file://'],
    ['an extension', 'chrome-extension://abcdefghijklmnop'],
    ['an empty one', ''],
    ['two', 'http://127.0.0.1:8420 https://evil.example'],
    ['one with a path', 'http://127.0.0.1:8420/x'],
    ['one with a user', 'http://127.0.0.1:8420@evil.example'],
    ['our name as a user', 'http://user@127.0.0.1:8420'],
    ['an allowed name with another scheme', 'http://portal.example.org'],
    ['an allowed name with another port', 'https://portal.example.org:8000'],
    ['a name below an allowed one', 'https://x.portal.example.org'],
    ['a name that begins like an allowed one', 'https://portal.example.org.evil.example'],
  ])('%s may neither read nor act', (_, origin) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(both({ ...ownPage, origin, method, fetchSite: 'cross-site' })).toBe('forbidden forbidden')
      expect(both({ ...curl, origin, method })).toBe('forbidden forbidden')
    }
  })

  test('only origins that --allow-origin names are answered with CORS headers', () => {
    expect(isAllowedOrigin('https://portal.example.org', policy)).toBe(true)
    expect(isAllowedOrigin('https://portal.example.org:443', policy)).toBe(true)
    expect(isAllowedOrigin('null', policy)).toBe(false)
    expect(isAllowedOrigin('http://127.0.0.1:8420', policy)).toBe(false)
    expect(isAllowedOrigin('null', { ...policy, allowedOrigins: ['null', '*', 'nonsense'] })).toBe(false)
    expect(isAllowedOrigin('https://evil.example', { ...policy, allowedOrigins: ['*'] })).toBe(false)
  })
})

describe('Sec-Fetch-Site without an Origin, as in a GET that shows nothing to its page', () => {
  test.each(['cross-site', 'same-site', 'nonsense', ''])('%j may neither read nor act', (fetchSite) => {
    for (const fetchDest of ['image', 'script', 'iframe', 'document', 'empty', 'style', 'object', 'video']) {
      expect(both({ ...ownPage, fetchSite, fetchMode: 'no-cors', fetchDest })).toBe('forbidden forbidden')
    }
  })

  test('our own page may read and act', () => {
    expect(both(ownPage)).toBe('ok ok')
  })

  test('a typed address or a bookmark may read, not act', () => {
    const typed = { ...ownPage, fetchSite: 'none', fetchMode: 'navigate', fetchDest: 'document' }
    expect(both(typed)).toBe('ok forbidden')
  })
})

describe('acting needs intent', () => {
  test.each(['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'TRACE', 'QUERY', undefined])('%s does not act', (method) => {
    expect(verdict({ ...curl, method }, 'act')).toBe('method-not-allowed')
    expect(verdict({ ...curl, method }, 'read')).toBe('ok')
  })

  test.each(['GET', 'POST', 'DELETE'])('%s of a program acts', (method) => {
    expect(verdict({ ...curl, method }, 'act')).toBe('ok')
    // Node's fetch says its mode and nothing else.
    expect(verdict({ ...curl, method, userAgent: 'node', fetchMode: 'cors' }, 'act')).toBe('ok')
  })

  test.each(['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip', 'Prefetch', 'prerender', 'preview'])(
    'purpose %j does not act',
    (purpose) => {
      expect(verdict({ ...ownPage, purpose }, 'act')).toBe('forbidden')
    },
  )

  test.each(['document', 'iframe', 'image', 'script', 'embed', 'serviceworker', 'worker', 'audio', 'report'])(
    'loading a %s does not act, not even from our own page',
    (fetchDest) => {
      expect(verdict({ ...ownPage, fetchDest }, 'act')).toBe('forbidden')
    },
  )

  test('a form that our own page submits does not act', () => {
    const form = { ...ownPage, method: 'POST', origin: 'http://127.0.0.1:8420', fetchMode: 'navigate' }
    expect(verdict(form, 'act')).toBe('forbidden')
  })

  test('a browser that sends no Sec-Fetch headers does not act by GET, since it may be an image of any page', () => {
    const old = { ...curl, userAgent: UA }
    expect(both(old)).toBe('ok forbidden')
    expect(verdict({ ...old, method: 'POST', origin: 'http://127.0.0.1:8420' }, 'act')).toBe('ok')
  })
})
