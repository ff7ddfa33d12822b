import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { engineEnv, envNameProblem } from './engine-env.ts'

test('Stata gets what it needs, and nothing of the gateway or of whoever started it', () => {
  const needed = {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LANG: 'en_GB.UTF-8',
    LC_NUMERIC: 'C',
    TZ: 'UTC',
    TMPDIR: '/scratch',
    STATATMP: '/scratch/stata',
    LM_LICENSE_FILE: '27000@licence',
    KRB5CCNAME: '/tmp/krb5cc_1000',
  }
  const kept = {
    TAILGATE_TOKEN: 'secret',
    TAILGATE_ROOTS: '/projects',
    AWS_SECRET_ACCESS_KEY: 'secret',
    GITHUB_TOKEN: 'secret',
    SSH_AUTH_SOCK: '/tmp/agent',
    NODE_OPTIONS: '--inspect',
    LD_PRELOAD: '/tmp/evil.so',
    npm_config__authToken: 'secret',
    HOMEPAGE: 'x',
  }
  expect(engineEnv({ ...needed, ...kept, EMPTY: undefined }, [])).toEqual(needed)
})

test('--env-pass adds names and beginnings of names, never our own', () => {
  const env = { SLURM_JOB_ID: '7', SLURM_CPUS: '4', EDITOR: 'vi', TAILGATE_TOKEN: 'secret', T: '1' }
  expect(engineEnv(env, ['SLURM_*', 'EDITOR', 'ABSENT'])).toEqual({ SLURM_JOB_ID: '7', SLURM_CPUS: '4', EDITOR: 'vi' })
  expect(engineEnv(env, ['T*', 'TAILGATE_TOKEN'])).toEqual({ T: '1' })
})

test.each(['', '*', 'A=B', 'A B', '1A', 'A-B', 'A**', 'Ä', 'A\n', 'TAILGATE_TOKEN', 'TAILGATE*', 'TAIL*', 'T*'])(
  '%j cannot be passed',
  (name) => {
    expect(envNameProblem(name)).toMatch(/^must/)
  },
)

test.each(['EDITOR', '_x9', 'SLURM_*', 'http_proxy', 'TAILOR', 'TB*'])('%j can be passed', (name) => {
  expect(envNameProblem(name)).toBeNull()
})

test('a real process sees exactly these', () => {
  const env = engineEnv({ PATH: process.env.PATH, HOME: '/h', TAILGATE_TOKEN: 'secret' }, [])
  const script = 'console.log(Object.keys(process.env).filter((name) => !name.startsWith("__")).sort().join())'
  expect(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' }).trim()).toBe('HOME,PATH')
})
