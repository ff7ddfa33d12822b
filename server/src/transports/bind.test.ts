import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
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
