import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../testing/start-gateway.ts'

const PAGE = '<!doctype html><meta property="csp-nonce" nonce="{csp-nonce}"><script src="/assets/a-1.js"></script>'

const SCRIPT = 'export const answer = 42'

/** A gateway with a dashboard of two files. */
async function startWithDashboard(): Promise<TestGateway> {
  const dashboardDir = await mkdtemp(join(tmpdir(), 'tailgate-dashboard-'))
  await mkdir(join(dashboardDir, 'assets'))
  await writeFile(join(dashboardDir, 'index.html'), PAGE)
  await writeFile(join(dashboardDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  const assets = join(dashboardDir, 'assets')
  await writeFile(join(assets, 'a-1.js'), SCRIPT)
  await writeFile(join(assets, 'a-1.js.br'), brotliCompressSync(SCRIPT))
  await writeFile(join(assets, 'a-1.js.gz'), gzipSync(SCRIPT))
  const gateway = await startGateway({ dashboardDir })
  return {
    ...gateway,
    [Symbol.asyncDispose]: async () => {
      await gateway[Symbol.asyncDispose]()
      await rm(dashboardDir, { recursive: true })
    },
  }
}

const policyOf = (response: Response) => response.headers.get('Content-Security-Policy') ?? ''

test.each(['/', '/start', '/start?file=%2Fp%2Fa.do', '/run/01ABC', '/login'])(
  '%s is the page, never kept',
  async (path) => {
    await using gateway = await startWithDashboard()
    const response = await fetch(gateway.url + path)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    expect(await response.text()).toContain('/assets/a-1.js')
  },
)

test.each(['/nowhere', '/run', '/run/a/b', '/assets/missing.js', '/runs/x/y', '/index.html'])(
  '%s is no page: an unknown address is an error, as JSON',
  async (path) => {
    await using gateway = await startWithDashboard()
    const response = await fetch(gateway.url + path)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { code: 'not-found' } })
  },
)

test("the addresses of the API are not the dashboard's, whatever is accepted", async () => {
  await using gateway = await startWithDashboard()
  const response = await fetch(`${gateway.url}/runs`, { headers: { Accept: 'text/html' } })
  expect(response.headers.get('Content-Type')).toContain('application/json')
})

test('the policy of the page allows what comes from the gateway, and nothing inline without the nonce', async () => {
  await using gateway = await startWithDashboard()
  const [first, second] = [await fetch(gateway.url), await fetch(gateway.url)]
  const nonce = /nonce="([^"]+)"/.exec(await first.text())?.[1] ?? ''
  expect(nonce).toMatch(/^[\w-]{20,}$/)
  expect(policyOf(first)).toContain("default-src 'none'")
  expect(policyOf(first)).toContain("script-src 'self';")
  expect(policyOf(first)).toContain(`style-src 'self' 'nonce-${nonce}'`)
  expect(policyOf(first)).not.toMatch(/unsafe|\*|https?:/)
  expect(policyOf(second)).not.toContain(nonce)
  expect(first.headers.get('X-Content-Type-Options')).toBe('nosniff')
})

test('files with a hash in their name are kept for ever, and checked for nothing', async () => {
  await using gateway = await startWithDashboard()
  const response = await fetch(`${gateway.url}/assets/a-1.js`)
  expect(response.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable')
  expect(response.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8')
})

test.each([
  ['br, gzip', 'br'],
  ['gzip, deflate', 'gzip'],
  ['identity', null],
])('whoever accepts %s gets the script so encoded', async (accepted, encoding) => {
  await using gateway = await startWithDashboard()
  const response = await fetch(`${gateway.url}/assets/a-1.js`, { headers: { 'Accept-Encoding': accepted } })
  expect(response.headers.get('Content-Encoding')).toBe(encoding)
  expect(response.headers.get('Vary')).toContain('Accept-Encoding')
  expect(await response.text()).toBe(SCRIPT)
})

test('a file that is not there is told as everything else that is not there', async () => {
  await using gateway = await startWithDashboard()
  const response = await fetch(`${gateway.url}/assets/a-2.js`)
  expect(response.headers.get('Content-Type')).toContain('application/json')
  expect(response.headers.get('Content-Encoding')).toBeNull()
  expect(response.headers.get('Cache-Control')).toBe('no-store')
})

test('no path leads out of the dashboard', async () => {
  await using gateway = await startWithDashboard()
  for (const path of ['/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/..%2findex.html']) {
    expect((await fetch(gateway.url + path)).status).not.toBe(200)
  }
})

test('only GET and HEAD', async () => {
  await using gateway = await startWithDashboard()
  expect((await fetch(gateway.url, { method: 'HEAD' })).status).toBe(200)
  const posted = await fetch(`${gateway.url}/start`, { method: 'POST' })
  expect(posted.status).toBe(405)
  expect(posted.headers.get('Allow')).toBe('GET, HEAD')
})

test('while there is no dashboard, its addresses say how to get one', async () => {
  await using gateway = await startGateway()
  const response = await fetch(gateway.url)
  expect(response.status).toBe(503)
  expect(await response.text()).toContain('pnpm build')
})
