import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bind } from './bind.ts'

let folder: string
let path: string
const server = () => createServer((_request, response) => response.end('here'))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailgate-bind-'))
  path = join(folder, 'gateway.sock')
})
afterEach(() => rm(folder, { recursive: true }))

test('a Unix socket is served to the user and the group of the gateway only', async () => {
  const here = server()
  expect(await bind(here, { type: 'socket', path })).toEqual({ ok: true, value: `unix:${path}` })
  expect((await stat(path)).mode & 0o777).toBe(0o660)
  const asked = request({ socketPath: path }).end()
  const [response] = await once(asked, 'response')
  expect(String(await response.setEncoding('utf8').toArray())).toBe('here')
  here.closeAllConnections()
  await new Promise((resolve) => here.close(resolve))
})

test('a socket that a killed gateway left behind is taken over, one in use is not', async () => {
  const code = `require('net').createServer().listen(process.argv[1], () => console.log('listening'))`
  const other = spawn(process.execPath, ['-e', code, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(other.stdout, 'data')
  expect(await bind(server(), { type: 'socket', path })).toMatchObject({
    ok: false,
    error: expect.stringMatching(/something is there already\. Stop the program/),
  })
  other.kill('SIGKILL')
  await once(other, 'exit')
  const here = server()
  expect(await bind(here, { type: 'socket', path })).toMatchObject({ ok: true })
  await new Promise((resolve) => here.close(resolve))
})

test('a file that is no socket is left alone', async () => {
  await writeFile(path, 'precious')
  expect(await bind(server(), { type: 'socket', path })).toMatchObject({ ok: false })
  expect((await stat(path)).size).toBe('precious'.length)
})

test.each([
  ['nowhere/gateway.sock', /its directory does not exist or is not yours/],
  [`${'x'.repeat(120)}.sock`, /too long/],
])('a socket at %s cannot be had, and the message says why', async (name, why) => {
  expect(await bind(server(), { type: 'socket', path: join(folder, name) })).toMatchObject({
    ok: false,
    error: expect.stringMatching(why),
  })
})

test.runIf(process.platform === 'linux')('a burst of connections is taken while the gateway is busy', async () => {
  const here = server()
  const bound = await bind(here, { type: 'address', host: '127.0.0.1', port: 0 })
  const port = bound.ok ? new URL(bound.value).port : ''
  // The system answers for a process that is busy, up to its backlog; a packet that it drops is sent again after 1 s.
  const code = `
    let connected = 0
    for (let i = 0; i < 1000; i += 1) {
      require('net').connect(Number(process.argv[1]), '127.0.0.1', () => (connected += 1) === 1000 && done()).on('error', () => {})
    }
    const done = () => { console.log(connected); process.exit() }
    setTimeout(done, 3000)`
  const { stdout } = spawnSync(process.execPath, ['-e', code, port], { encoding: 'utf8' })
  here.closeAllConnections()
  await new Promise((resolve) => here.close(resolve))
  const most = Number(await readFile('/proc/sys/net/core/somaxconn', 'utf8'))
  expect(Number(stdout)).toBeGreaterThanOrEqual(Math.min(1_000, most))
})
