import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { VERSION } from '../version.ts'

const COMMAND = fileURLToPath(new URL('../../bin/tailgate.js', import.meta.url))
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const STOP_SIGNAL = new URL('./stop-signal.ts', import.meta.url)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tailgate-cli-'))
})
afterAll(() => rm(folder, { recursive: true }))

function start(...args: string[]) {
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } })
}

/** The command, run to its end. */
async function tailgate(...args: string[]) {
  const child = start(MAIN, ...args)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { status: child.exitCode, stdout, stderr }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

test('the version is told', async () => {
  expect(await tailgate('--version')).toEqual({ status: 0, stdout: `${VERSION}\n`, stderr: '' })
})

test.each([
  ['-h', 'serve', 'Usage: tailgate serve'],
  ['-V', undefined, VERSION],
])('%s is understood too', async (flag, command, begin) => {
  const args = command === undefined ? [flag] : [command, flag]
  expect(await tailgate(...args)).toMatchObject({ status: 0, stdout: expect.stringMatching(`^${begin}`), stderr: '' })
})

test('help names the commands, and the variable of every flag', async () => {
  const general = await tailgate('--help')
  expect([general.status, general.stderr]).toEqual([0, ''])
  for (const command of ['serve', 'demo', 'doctor', 'config', 'token'])
    expect(general.stdout).toContain(`  ${command} `)
  const serve = await tailgate('serve', '--help')
  for (const name of ['HOST', 'PORT', 'DATA_DIR', 'ROOTS', 'STATA'])
    expect(serve.stdout).toContain(`[TAILGATE_${name}]`)
})

const mistakes = [
  [['serve', '--port', 'abc'], 'tailgate: --port is "abc": it must be a whole number from 0 to 65535.\n'],
  [['serve', '--prot', '1'], "error: unknown option '--prot'\n(Did you mean --port?)\nTry: tailgate serve --help\n"],
  [['srve'], "error: unknown command 'srve'\n(Did you mean serve?)\nTry: tailgate --help\n"],
  [
    ['serve', 'a.do'],
    "error: too many arguments for 'serve'. Expected 0 arguments but got 1: a.do.\nTry: tailgate serve --help\n",
  ],
  [['token', 'add'], "error: missing required argument 'name'\nTry: tailgate token add --help\n"],
] as const

test.each(mistakes)('%j is wrong usage: a message, no stack, status 2', async (args, message) => {
  expect(await tailgate(...args)).toEqual({ status: 2, stdout: '', stderr: message })
})

test('an older Node.js is told which one is needed, not what it cannot read', async () => {
  const pretence = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })"
  const child = start('--import', `data:text/javascript,${pretence}`, COMMAND, '--version')
  expect([await text(child.stderr), await ended(child)]).toEqual([
    'tailgate: This is Node.js 20.20.2, and Tailgate needs 24 or newer. The one that it was installed with is ' +
      "node_modules/node/bin/node in Tailgate's directory.\n",
    1,
  ])
})

test('doctor tells the engine and that it starts', async () => {
  const { status, stdout } = await tailgate('doctor', '--stata', 'standin')
  expect(stdout).toContain('Stand-in')
  expect(stdout).toContain(`Tailgate  ${VERSION}`)
  expect(status).toBe(0)
})

test('serve says where it listens, logs to stderr as JSON, and a signal stops it', async () => {
  const dataDir = join(folder, 'data')
  const child = start(MAIN, 'serve', '--port', '0', '--data-dir', dataDir, '--root', folder, '--stata', 'standin')
  const stderr = text(child.stderr)
  const lines = createInterface({ input: child.stdout })
  const [line] = await once(lines, 'line')
  const [, version, url] = /^Tailgate (\S+) listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? []
  expect(version).toBe(VERSION)

  const port = new URL(url ?? '').port
  const second = await tailgate('serve', '--port', port, '--data-dir', join(folder, 'other'), '--root', folder)
  expect(second).toMatchObject({ status: 1, stdout: '' })
  expect(second.stderr).toMatch(
    /^tailgate: Cannot listen on 127\.0\.0\.1, port \d+: another program has it\. .*--port.*\n$/,
  )

  await fetch(`${url}/runs`)
  child.kill('SIGTERM')
  expect(await ended(child)).toBe(0)
  const logged = (await stderr)
    .trimEnd()
    .split('\n')
    .map((entry) => JSON.parse(entry))
  expect(logged).toContainEqual(expect.objectContaining({ method: 'GET', path: '/runs', status: 200 }))
  await expect(fetch(`${url}/health`)).rejects.toThrow()
})

test('a welcome tells the engine, where the dashboard is and a line to paste, and no requests', async () => {
  const dataDir = join(folder, 'welcome')
  const child = start(MAIN, 'serve', '--welcome', '--port', '0', '--data-dir', dataDir, '--stata', 'standin')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('Stop with')) break
  }
  await fetch(`${/http:\S+/.exec(lines[0] ?? '')?.[0]}/health`)
  const stderr = text(child.stderr)
  child.kill('SIGINT')
  expect([await ended(child), await stderr]).toEqual([0, ''])
  expect(lines.join('\n')).toMatch(/^Open the dashboard:\n {2}http:\/\/127\.0\.0\.1:\d+\/$/m)
  expect(lines[1]).toContain('Engine: Stand-in')
  expect(lines.join('\n')).toMatch(
    /^ {2}curl -N 'http:\/\/127\.0\.0\.1:\d+\/run_file\?file_path=examples\/streaming\.do'$/m,
  )
})

test('a second signal stops a process that takes too long to end', async () => {
  const script = `import { stopSignal } from '${STOP_SIGNAL}'
    const stopped = stopSignal()
    setInterval(() => undefined, 1000)
    console.log('ready')
    console.log(await stopped)`
  const child = start('--input-type=module', '-e', script)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  child.kill('SIGTERM')
  expect((await lines.next()).value).toBe('SIGTERM')
  await vi.waitFor(
    () => {
      child.kill('SIGINT')
      expect(child.exitCode).toBe(130)
    },
    { timeout: 10_000 },
  )
})

test('config tells every setting and where it comes from', async () => {
  const file = join(folder, 'config.json')
  await writeFile(file, JSON.stringify({ 'max-running': 3, port: 7000 }))
  const { status, stdout } = await tailgate('config', '--config', file, '--port', '0')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^setting +value +from\n/)
  expect(stdout).toMatch(/^port +0 +--port$/m)
  expect(stdout).toMatch(new RegExp(`^max-running +3 +"max-running" in ${file}$`, 'm'))
  expect(stdout).toMatch(/^auth +auto +default$/m)
})

test('a config file that is asked for and cannot be read is an error', async () => {
  const { status, stderr } = await tailgate('config', '--config', join(folder, 'nowhere.json'))
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^tailgate: The config file .*nowhere\.json cannot be read: /),
  ])
})

test.each([
  ['', 'tailgate: --config is empty: name a file.\n'],
  [tmpdir(), `tailgate: The config file ${tmpdir()} is a directory: name a file.\n`],
])('the config file %j is refused', async (path, stderr) => {
  expect(await tailgate('config', '--config', path)).toEqual({ status: 2, stdout: '', stderr })
})

test('tokens are made, listed without their secret, and revoked', async () => {
  const dataDir = join(folder, 'tokens')
  const where = ['--data-dir', dataDir]
  const file = join(dataDir, 'tokens.json')
  expect(await tailgate('token', 'list', ...where)).toEqual({
    status: 1,
    stdout: '',
    stderr: `tailgate: The token file ${file} is not there: tailgate token add makes it.\n`,
  })
  const added = await tailgate('token', 'add', 'wendy', '--role', 'watch', ...where)
  expect([added.status, added.stdout]).toEqual([0, expect.stringMatching(/^tailgate_[\w-]{43}\n$/)])
  expect(added.stderr).toBe(
    `This is the only copy of the token "wendy", which may watch: keep it now. ${file} has its digest.\n`,
  )
  const list = await tailgate('token', 'list', ...where)
  expect(list.stdout).toMatch(/^name +role +made\nwendy +watch +\d{4}-/)
  expect(list.stdout).not.toContain(added.stdout.trim())
  expect((await tailgate('token', 'revoke', 'wendy', ...where)).status).toBe(0)
  expect(await tailgate('token', 'revoke', 'wendy', ...where)).toMatchObject({
    status: 1,
    stderr: 'tailgate: There is no token "wendy": tailgate token list shows them.\n',
  })
})

test('a gateway that would let everybody in, or nobody, does not start', { timeout: 120_000 }, async () => {
  const dataDir = join(folder, 'exposed')
  const serve = (...args: string[]) =>
    tailgate('serve', '--stata', 'standin', '--port', '0', '--data-dir', dataDir, ...args)
  expect(await serve('--host', '0.0.0.0', '--auth', 'none')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^tailgate: --auth none would let everybody on the network run code: use --auth token/,
    ),
  })
  expect((await tailgate('token', 'add', 'ada', '--data-dir', dataDir)).status).toBe(0)
  expect((await tailgate('token', 'revoke', 'ada', '--data-dir', dataDir)).status).toBe(0)
  for (const args of [
    ['--auth', 'token'],
    ['--host', '0.0.0.0'],
    ['--socket', join(folder, 'gateway.sock')],
  ]) {
    expect(await serve(...args)).toMatchObject({
      status: 1,
      stderr: 'tailgate: There is no token, so nobody could come in: make one with tailgate token add.\n',
    })
  }
})
