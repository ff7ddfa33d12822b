import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { runSchema, searchPageSchema } from '@tailgate/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bystander, expectUnharmed, startBystander } from '../harness/bystander.ts'
import { startFlood } from '../harness/flood.ts'
import type { GatewayProcess } from '../harness/gateway-process.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** More than the gateway has room for, while somebody else watches a run. Each test ends with what they noticed. */

let workspace: Workspace
let gateway: GatewayProcess
let bystander: Bystander
beforeAll(async () => {
  workspace = await createWorkspace()
  gateway = await workspace.start({ stata: await scriptedEngine(workspace.root), args: ['--max-running', '4'] })
  bystander = await startBystander(gateway, workspace)
}, 60_000)
afterAll(async () => {
  try {
    expectUnharmed(await bystander.leave())
  } finally {
    await workspace[Symbol.asyncDispose]()
  }
}, 60_000)

/** A question on a connection of its own, as somebody who has just come asks it. */
function get(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(gateway.url + path, { headers, agent: false }, (response) => {
      const status = response.statusCode ?? 0
      text(response).then((body) => resolve({ status, body }), reject)
    })
      .once('error', reject)
      .end()
  })
}

const ask = async (path: string, headers: Record<string, string> = {}) => (await get(path, headers)).status

/** Connections that the gateway has closed for want of room. */
async function closedConnections(): Promise<number> {
  const { body } = await get('/metrics')
  return Number(/^tailgate_closed_connections_total (\d+)$/m.exec(body)?.[1])
}

/** Sends bytes for as long as they are taken; gives the status line, '' when the connection was just closed. */
function send(pieces: Iterable<Buffer | string>): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(gateway.url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text
    })
    socket.on('error', () => undefined).on('close', () => resolve(answer.split('\r\n')[0] ?? ''))
    const iterator = pieces[Symbol.iterator]()
    const next = () => {
      for (;;) {
        if (socket.destroyed || answer !== '') return
        const { value, done } = iterator.next()
        if (done === true) return
        if (!socket.write(value)) break
      }
      socket.once('drain', next)
    }
    next()
  })
}

const head = (more: string, line = 'GET /runs HTTP/1.1') => `${line}\r\nHost: ${new URL(gateway.url).host}\r\n${more}`

test('10,000 connections that ask nothing keep nobody out, and take no more room than there is', {
  timeout: 120_000,
}, async () => {
  await using flood = startFlood(gateway.url, 10_000, '')
  const answers = async () => expect(await ask('/whoami')).toBe(200)
  await answers()
  const closed = await flood.opened
  expect(closed).toBeGreaterThan(5_000)
  for (let i = 0; i < 10; i += 1) await answers()
  const files = await readdir(`/proc/${gateway.process.pid}/fd`)
  expect(files.length).toBeLessThan(4_096 + 200)
})

test('5,000 logins that are sent a byte at a time keep nobody out', { timeout: 120_000 }, async () => {
  const login = head('Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{', 'POST /login HTTP/1.1')
  const before = await closedConnections()
  await using flood = startFlood(gateway.url, 5_000, login)
  await flood.opened
  await expect.poll(closedConnections, { timeout: 30_000 }).toBeGreaterThan(before + 500)
  for (let i = 0; i < 10; i += 1) expect(await ask('/whoami')).toBe(200)
})

test('heads that are too long are refused', async () => {
  const long = 'x'.repeat(100 * 1024)
  expect(await send([head(`X-Long: ${long}\r\n\r\n`)])).toMatch(/^HTTP\/1\.1 431 /)
  expect(await send([head('\r\n', `GET /${long} HTTP/1.1`)])).toMatch(/^HTTP\/1\.1 431 /)
  const many = Array.from({ length: 5_000 }, (_, i) => `X-${i}: ${i}`).join('\r\n')
  expect(await send([head(`${many}\r\n\r\n`)])).toMatch(/^HTTP\/1\.1 431 /)
  const several = Array.from({ length: 500 }, (_, i) => `X-${i}: ${i}`).join('\r\n')
  expect(await send([head(`${several}\r\nConnection: close\r\n\r\n`)])).toMatch(/^HTTP\/1\.1 (200|4\d\d) /)
})

test('bodies that are too long are refused, whatever they claim to be', async () => {
  const type = 'Content-Type: application/json\r\n'
  const post = (more: string, path = '/runs') => head(`${type}${more}\r\n`, `POST ${path} HTTP/1.1`)
  function* endless(first: string, piece: string): Generator<string> {
    yield first
    for (let i = 0; i < 10_000; i += 1) yield piece
  }
  const chunk = `10000\r\n${'['.repeat(65_536)}\r\n`
  for (const path of ['/runs', '/run_file', '/login']) {
    const claimed = await send([post('Content-Length: 1000000000\r\n', path), '{'])
    expect([path, claimed]).toEqual([path, expect.stringMatching(/^HTTP\/1\.1 413 /)])
  }
  for (const path of ['/runs', '/run_file', '/login', '/trpc/runs.start']) {
    const unsaid = await send(endless(post('Transfer-Encoding: chunked\r\n', path), chunk))
    // Cut while it is still sending, the sender may never read the answer.
    expect([path, unsaid]).toEqual([path, expect.stringMatching(/^(HTTP\/1\.1 413 .*|)$/)])
  }
  const deep = '['.repeat(500_000) + ']'.repeat(500_000)
  expect(await send([post(`Content-Length: ${deep.length}\r\nConnection: close\r\n`), deep])).toMatch(
    /^HTTP\/1\.1 400 /,
  )
  // 10 MB of zeros, compressed to 10 kB, are not unpacked.
  const bomb = gzipSync(Buffer.from(`{"file":"${'0'.repeat(10_000_000)}"}`))
  const zipped = post(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\nConnection: close\r\n`)
  expect(await send([zipped, bomb])).toMatch(/^HTTP\/1\.1 400 /)
})

test('texts that make slow patterns slower are refused at once', async () => {
  const n = 30_000
  const texts = [
    ' '.repeat(n),
    `${' '.repeat(n)}x`,
    'a'.repeat(n),
    '.'.repeat(n),
    'a.'.repeat(n / 2),
    ':0'.repeat(n / 2),
  ]
  const statuses = new Set<number>()
  for (const text of texts) {
    const trimmed = text.trim() || 'x'
    const tries: Record<string, string>[] = [
      { Authorization: `Bearer ${text}x` },
      { Authorization: `Bearer x${text}x` },
      { Cookie: `tailgate_0=${trimmed}; ${trimmed}` },
      { Host: trimmed },
      { Origin: `http://${trimmed}` },
      { Range: `bytes=${trimmed}` },
      { 'Last-Event-ID': trimmed },
      { 'Sec-Fetch-Site': trimmed },
    ]
    for (const headers of tries) statuses.add(await ask('/runs', headers))
    statuses.add(await ask(`/runs/x/stream?cursor=${encodeURIComponent(text).slice(0, n)}`))
    statuses.add(await ask(`/runs?cursor=${encodeURIComponent(text).slice(0, n)}`))
    statuses.add(await ask(`/trpc/${'a,'.repeat(n / 4)}?batch=1&input=${encodeURIComponent(text).slice(0, n / 2)}`))
  }
  expect([...statuses].filter((status) => status >= 500)).toEqual([])
})

test('a hundred searches through a giant log take turns', { timeout: 120_000 }, async () => {
  await workspace.file('giant.do', '* engine: burst 8000000\n')
  const started = await fetch(`${gateway.url}/runs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"file":"giant.do"}',
  })
  const { id } = runSchema.parse(await started.json())
  const ended = async () => runSchema.parse(await (await fetch(`${gateway.url}/runs/${id}`)).json())
  await expect.poll(async () => (await ended()).state, { timeout: 60_000 }).toBe('succeeded')
  expect((await ended()).log.bytes).toBeGreaterThan(100_000_000)
  const searches = Array.from({ length: 100 }, async (_, i) => {
    const text = i % 2 === 0 ? 'not there at all' : `${'line '.repeat(150)}`
    const response = await fetch(
      `${gateway.url}/runs/${id}/search?q=${encodeURIComponent(text)}&ignoreCase=${i % 3 === 0}`,
    )
    const body: unknown = await response.json()
    if (response.status === 200) expect(searchPageSchema.parse(body).matches).toEqual([])
    return response.status
  })
  const statuses = await Promise.all(searches)
  expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([])
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0)
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(4)
})
