import { expect, test } from 'vitest'
import { type ConfigureOptions, configure } from './config.ts'

function configured(differences: Partial<ConfigureOptions> = {}) {
  const result = configure({
    flags: {},
    env: {},
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
    dataDir: '/home/ana/.local/state/tailgate',
    roots: ['/home/ana/wages'],
    stata: null,
    maxRunning: 8,
    maxQueued: 1000,
    killGraceMs: 10_000,
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
  [{ flags: { port: ['abc'] } }, '--port is "abc": it must be a whole number from 0 to 65535.'],
  [{ flags: { port: ['70000'] } }, '--port is "70000": it must be a whole number from 0 to 65535.'],
  [{ flags: { port: ['1.5'] } }, '--port is "1.5": it must be a whole number from 0 to 65535.'],
  [{ env: { TAILGATE_PORT: '0x10' } }, 'TAILGATE_PORT is "0x10": it must be a whole number from 0 to 65535.'],
  [{ flags: { host: [''] } }, '--host is "": it must not be empty.'],
  [{ flags: { maxRunning: ['0'] } }, '--max-running is "0": it must be a whole number from 1 to 10000.'],
  [{ flags: { killGraceMs: ['soon'] } }, '--kill-grace is "soon": it must be a number of seconds.'],
  [
    { env: { TAILGATE_LOG_LEVEL: 'loud' } },
    'TAILGATE_LOG_LEVEL is "loud": it must be fatal, error, warn, info, debug, trace or silent.',
  ],
  [
    { flags: { roots: ['/a', '/nope'] }, isDirectory: (path) => path === '/a' },
    '--root is "/a", "/nope": it must be a directory that exists. Create /nope, or name another one.',
  ],
]

test.each(mistakes)('%j is refused with a message that names the setting and the way out', (differences, message) => {
  expect(() => configured(differences)).toThrow(message)
})
