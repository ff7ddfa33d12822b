import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseConfigFile } from './config/config-file.ts'
import { type ConfigureOptions, configure } from './config.ts'

function configured(differences: Partial<ConfigureOptions> = {}) {
  const result = configure({
    flags: {},
    env: {},
    file: null,
    cwd: '/home/ana/wages',
    home: '/home/ana',
    processors: 8,
    isDirectory: () => true,
    ...differences,
  })
  if (!result.ok) throw new Error(result.error)
  return result.value
}

test('without flags and variables every setting has its default', () => {
  const { settings, origins } = configured()
  expect(settings).toEqual({
    host: '127.0.0.1',
    port: 4000,
    socket: null,
    auth: 'auto',
    allowHosts: [],
    allowOrigins: [],
    envPass: [],
    maxRequests: 6_000,
    maxStreams: 2_000,
    maxStreamsPerCaller: 500,
    tokenFile: null,
    auditFile: null,
    dataDir: '/home/ana/.local/state/tailgate',
    roots: ['/home/ana/wages'],
    stata: null,
    maxRunning: 8,
    maxQueued: 1000,
    killGraceMs: 5_000,
    keepRuns: null,
    keepDays: null,
    keepBytes: null,
    onShutdown: 'leave',
    logLevel: 'info',
  })
  expect(origins.port).toEqual({ type: 'default', name: '--port' })
})

test('a flag counts more than a variable, a variable more than the default', () => {
  const { settings, origins } = configured({
    flags: { port: ['5000'] },
    env: { TAILGATE_PORT: '6000', TAILGATE_HOST: '::1' },
  })
  expect([settings.port, settings.host]).toEqual([5000, '::1'])
  expect(origins.port).toEqual({ type: 'flag', name: '--port' })
  expect(origins.host).toEqual({ type: 'environment', name: 'TAILGATE_HOST' })
})

function file(content: unknown) {
  const parsed = parseConfigFile('/etc/tailgate/config.json', JSON.stringify(content))
  if (!parsed.ok) throw new Error(parsed.error)
  return parsed.value
}

test('the config file counts more than the defaults, and less than flags and variables', () => {
  const { settings, origins } = configured({
    file: file({ port: 7000, host: '::1', 'max-running': 2, root: ['wages', '/b'], 'kill-grace': 2.5 }),
    flags: { port: ['5000'] },
    env: { TAILGATE_HOST: '127.0.0.2' },
  })
  expect([settings.port, settings.host, settings.maxRunning, settings.killGraceMs]).toEqual([
    5000,
    '127.0.0.2',
    2,
    2_500,
  ])
  // A relative path in the file is taken from the file's own directory.
  expect(settings.roots).toEqual(['/etc/tailgate/wages', '/b'])
  expect(origins.maxRunning).toEqual({ type: 'file', name: '"max-running" in /etc/tailgate/config.json' })
})

test.each([
  ['{', 'The config file c is not JSON: '],
  ['[]', 'The config file c must be one JSON object of texts, numbers and lists, such as {"port": 4000}.'],
  ['{"port": {}}', 'The config file c must be one JSON object of texts, numbers and lists, such as {"port": 4000}.'],
  ['{"prot": 1}', 'The config file c names "prot", which is no setting: host, port, '],
])('the config file %s is refused with a message that says what to mend', (text, message) => {
  const parsed = parseConfigFile('c', text)
  expect(parsed.ok ? '' : parsed.error).toContain(message)
})

test('lists of words are repeated as a flag and separated by spaces or commas as a variable', () => {
  const { settings } = configured({
    flags: { allowHosts: ['a.example', '.b.example'] },
    env: { TAILGATE_ALLOW_ORIGINS: 'https://a.example, http://b.example:8080', TAILGATE_ENV_PASS: 'A B_*' },
  })
  expect(settings.allowHosts).toEqual(['a.example', '.b.example'])
  expect(settings.allowOrigins).toEqual(['https://a.example', 'http://b.example:8080'])
  expect(settings.envPass).toEqual(['A', 'B_*'])
})

test('an empty variable is like none', () => {
  expect(configured({ env: { TAILGATE_PORT: '', TAILGATE_ROOTS: '', TAILGATE_STATA: '' } }).settings).toMatchObject({
    port: 4000,
    roots: ['/home/ana/wages'],
    stata: null,
  })
})

test('roots are repeated as a flag and separated as a variable, relative ones lie under the current directory', () => {
  expect(configured({ flags: { roots: ['a', '/b'] } }).settings.roots).toEqual(['/home/ana/wages/a', '/b'])
  expect(configured({ env: { TAILGATE_ROOTS: '/a:b::' } }).settings.roots).toEqual(['/a', '/home/ana/wages/b'])
})

test('the last of a repeated flag counts, as for other commands', () => {
  expect(configured({ flags: { port: ['1', '2'] } }).settings.port).toBe(2)
})

test('data lies where the XDG specification says, a relative base is ignored', () => {
  expect(configured({ env: { XDG_STATE_HOME: '/state' } }).settings.dataDir).toBe('/state/tailgate')
  expect(configured({ env: { XDG_STATE_HOME: 'state' } }).settings.dataDir).toBe('/home/ana/.local/state/tailgate')
})

test('the grace before killing is given in seconds', () => {
  expect(configured({ flags: { killGraceMs: ['2.5'] } }).settings.killGraceMs).toBe(2_500)
})

const mistakes: readonly [Partial<ConfigureOptions>, string][] = [
  [{ file: file({ port: 'x' }) }, '"port" in /etc/tailgate/config.json is "x": it must be a whole number from 0'],
  [{ flags: { auth: ['maybe'] } }, '--auth is "maybe": it must be auto, token or none.'],
  [
    { flags: { allowHosts: ['http://a.example/'] } },
    '--allow-host is "http://a.example/": it must be host names such as tailgate.example.org, without http:// and path.',
  ],
  [
    { env: { TAILGATE_ALLOW_ORIGINS: 'a.example' } },
    'TAILGATE_ALLOW_ORIGINS is "a.example": it must be origins such as https://portal.example.org, without a path.',
  ],
  [
    { flags: { envPass: ['TAIL*'] } },
    '--env-pass is "TAIL*": it must not take in TAILGATE_…: those are the gateway\'s own.',
  ],
  [{ flags: { socket: [''] } }, '--socket is "": it must not be empty.'],
  [{ flags: { port: ['abc'] } }, '--port is "abc": it must be a whole number from 0 to 65535.'],
  [{ flags: { port: ['70000'] } }, '--port is "70000": it must be a whole number from 0 to 65535.'],
  [{ flags: { port: ['1.5'] } }, '--port is "1.5": it must be a whole number from 0 to 65535.'],
  [{ env: { TAILGATE_PORT: '0x10' } }, 'TAILGATE_PORT is "0x10": it must be a whole number from 0 to 65535.'],
  [{ flags: { host: [''] } }, '--host is "": it must not be empty.'],
  [{ flags: { maxRunning: ['0'] } }, '--max-running is "0": it must be a whole number from 1 to 10000.'],
  [{ flags: { killGraceMs: ['soon'] } }, '--kill-grace is "soon": it must be a number of seconds.'],
  [{ flags: { keepBytes: ['5X'] } }, '--keep-bytes is "5X": it must be a number of bytes, such as 500M or 20G.'],
  [{ file: file({ root: [] }) }, '"root" in /etc/tailgate/config.json is []: it must name at least one directory.'],
  [
    { env: { TAILGATE_LOG_LEVEL: 'loud' } },
    'TAILGATE_LOG_LEVEL is "loud": it must be fatal, error, warn, info, debug, trace or silent.',
  ],
  [
    { flags: { roots: ['/a', '/nope'] }, isDirectory: (path) => path === '/a' },
    '--root is "/a", "/nope": it must be a directory that exists, which /nope is not. Create it, or name another one.',
  ],
  [{ flags: { roots: [''] } }, '--root is "": it must not be empty.'],
]

test.each(mistakes)('%j is refused with a message that names the setting and the way out', (differences, message) => {
  expect(() => configured(differences)).toThrow(message)
})

test('the config file in the documentation is a valid one', () => {
  const path = fileURLToPath(new URL('../../docs/deploy/config.json', import.meta.url))
  const parsed = parseConfigFile(path, readFileSync(path, 'utf8'))
  const { settings } = configured({ file: parsed.ok ? parsed.value : null })
  expect(settings).toMatchObject({ socket: '/run/tailgate/gateway.sock', auth: 'token', maxRunning: 4 })
})
