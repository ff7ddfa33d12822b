import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Artifact } from '@tailgate/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGateway, type TestGateway } from '../testing/start-gateway.ts'

const run = promisify(execFile)

// A folder with a dot in front and characters that mean something in a URL, as a data directory may have.
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), '.tailgate 100% #?-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Ten lines of five bytes; the gateway has read `bytes` of them. */
async function withLog(gateway: TestGateway, { bytes, ended }: { bytes: number; ended: boolean }): Promise<string> {
  const path = join(folder, 'run.log')
  await writeFile(path, Array.from({ length: 10 }, (_, i) => `la ${i}\n`).join(''))
  gateway.runs.add()
  gateway.runs.logs.set('run-1', { path, bytes, generation: 0, ended })
  return `${gateway.url}/runs/run-1/log`
}

test('a log is plain text, as far as it has been read', async () => {
  await using gateway = await startGateway()
  const response = await fetch(await withLog(gateway, { bytes: 12, ended: false }))
  expect(await response.text()).toBe('la 0\nla 1\nla')
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '12',
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(response.headers.has('ETag')).toBe(false)
  expect(response.headers.has('Last-Modified')).toBe(false)
})

const ranges = [
  ['bytes=0-3', 206, 'la 0', 'bytes 0-3/20'],
  ['bytes=15-', 206, 'la 3\n', 'bytes 15-19/20'],
  ['bytes=-5', 206, 'la 3\n', 'bytes 15-19/20'],
  ['bytes=-999', 206, 'la 0\nla 1\nla 2\nla 3\n', 'bytes 0-19/20'],
  ['bytes=10-999', 206, 'la 2\nla 3\n', 'bytes 10-19/20'],
  ['lines=1-2', 200, 'la 0\nla 1\nla 2\nla 3\n', null],
] as const

test.each(ranges)(
  'the range %s of a growing log ends where the log has been read to',
  async (range, status, body, contentRange) => {
    await using gateway = await startGateway()
    const url = await withLog(gateway, { bytes: 20, ended: false })
    const response = await fetch(url, { headers: { Range: range } })
    expect([response.status, await response.text()]).toEqual([status, body])
    expect(response.headers.get('Content-Range')).toBe(contentRange)
  },
)

test.each([
  [20, 'bytes=20-'],
  [0, 'bytes=0-'],
])('of %i bytes the range %s cannot be had, and the answer tells the length', async (bytes, range) => {
  await using gateway = await startGateway()
  const response = await fetch(await withLog(gateway, { bytes, ended: false }), { headers: { Range: range } })
  expect([response.status, response.headers.get('Content-Range')]).toEqual([416, `bytes */${bytes}`])
  expect(await response.json()).toMatchObject({ error: { code: 'bad-request' } })
})

test('an empty log is empty', async () => {
  await using gateway = await startGateway()
  const response = await fetch(await withLog(gateway, { bytes: 0, ended: false }))
  expect([response.status, await response.text()]).toEqual([200, ''])
})

test('the log of an ended run has a tag: not sent again, resumed only when it is the same', async () => {
  await using gateway = await startGateway()
  const url = await withLog(gateway, { bytes: 50, ended: true })
  const tag = (await fetch(url)).headers.get('ETag') ?? ''
  expect(tag).toMatch(/^"run-1-0-/)
  // Not by `fetch`, which asks caches not to answer when it is given this header.
  const { stdout } = await run('curl', ['-s', '-w', '%{http_code}', '-H', `If-None-Match: ${tag}`, url])
  expect(stdout).toBe('304')
  const same = await fetch(url, { headers: { Range: 'bytes=45-', 'If-Range': tag } })
  expect([same.status, await same.text()]).toEqual([206, 'la 9\n'])
  const other = await fetch(url, { headers: { Range: 'bytes=45-', 'If-Range': '"other"' } })
  expect([other.status, (await other.text()).length]).toEqual([200, 50])
})

test('tail gives the last lines', async () => {
  await using gateway = await startGateway()
  const url = await withLog(gateway, { bytes: 50, ended: true })
  expect(await (await fetch(`${url}?tail=2`)).text()).toBe('la 8\nla 9\n')
  expect(await (await fetch(`${url}?tail=0`)).text()).toBe('')
  expect(await (await fetch(`${url}?tail=999`)).text()).toHaveLength(50)
})

test('HEAD tells the length without the bytes', async () => {
  await using gateway = await startGateway()
  const url = await withLog(gateway, { bytes: 20, ended: false })
  const response = await fetch(url, { method: 'HEAD' })
  expect([response.status, response.headers.get('Content-Length'), await response.text()]).toEqual([200, '20', ''])
})

test('a log that is gone is not found', async () => {
  await using gateway = await startGateway()
  const url = await withLog(gateway, { bytes: 20, ended: true })
  await rm(join(folder, 'run.log'))
  const response = await fetch(url)
  expect(response.status).toBe(404)
  expect(response.headers.has('ETag')).toBe(false)
  expect(await response.json()).toMatchObject({ error: { code: 'not-found' } })
})

async function artifactOf(gateway: TestGateway, name: string, content: string): Promise<Response> {
  const path = join(folder, name)
  await writeFile(path, content)
  const artifact: Artifact = {
    index: 0,
    path,
    name,
    kind: 'other',
    bytes: Buffer.byteLength(content),
    modifiedAt: null,
    logLine: 1,
  }
  gateway.runs.add({ artifacts: [artifact] })
  return fetch(`${gateway.url}/runs/run-1/artifacts/0`)
}

test('artifacts are listed', async () => {
  await using gateway = await startGateway()
  await artifactOf(gateway, 'a.csv', 'x')
  const list = await (await fetch(`${gateway.url}/runs/run-1/artifacts`)).json()
  expect(list).toMatchObject({ artifacts: [{ index: 0, name: 'a.csv' }] })
  expect((await fetch(`${gateway.url}/runs/run-1/artifacts/1`)).status).toBe(404)
})

test('an artifact that could run in a browser is a download without any rights', async () => {
  await using gateway = await startGateway()
  const response = await artifactOf(gateway, 'tricky "名".html', '<script>alert(1)</script>')
  expect(await response.text()).toBe('<script>alert(1)</script>')
  expect(response.headers.get('Content-Disposition')).toMatch(
    /^attachment; filename="tricky \\".*\\".html"; filename\*=UTF-8''/,
  )
  expect(response.headers.get('Content-Security-Policy')).toMatch(/^sandbox; default-src 'none'/)
  expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff')
})

test('a graph may be shown in place, still without any rights', async () => {
  await using gateway = await startGateway()
  const response = await artifactOf(gateway, 'graph.svg', '<svg/>')
  expect(response.headers.get('Content-Type')).toContain('image/svg+xml')
  expect(response.headers.has('Content-Disposition')).toBe(false)
  expect(response.headers.get('Content-Security-Policy')).toMatch(/^sandbox;/)
  await response.text()
})
