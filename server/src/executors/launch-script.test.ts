import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseClaim } from './launch-claim.ts'
import { LAUNCH_SCRIPT } from './launch-script.ts'
import { processIdentity, psIdentity } from './process-identity.ts'

/** Whatever may be /bin/sh somewhere. */
const SHELLS = [
  ['dash'],
  ['bash', '--posix'],
  ['busybox', 'sh'],
  ['ksh'],
  ['mksh'],
  ['yash'],
  ['zsh', '--emulate', 'sh'],
]
const present = SHELLS.filter(([name = '']) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', name]).status === 0)
const absent = SHELLS.filter((shell) => !present.includes(shell))
if (absent.length > 0) console.warn(`SKIPPED: shells that are not installed here: ${absent.join(' | ')}`)

let directory = ''
const launched: { child: ChildProcess; ended: Promise<unknown[]> }[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailgate-launch-'))
})
afterEach(async () => {
  for (const { child, ended } of launched.splice(0)) {
    // Engines that a failed test left running, in the launch shell's group.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  rmSync(directory, { recursive: true })
})

const read = (name: string) => readFileSync(join(directory, name), 'utf8')

type LaunchOptions = { readonly script?: string; readonly orders?: string }

function launch(
  [shell = '', ...flags]: readonly string[],
  engine: readonly string[],
  { script = LAUNCH_SCRIPT, orders }: LaunchOptions = {},
) {
  const files = ['claim', 'exit', 'console'].map((name) => join(directory, name))
  const child = spawn(shell, [...flags, '-c', script, 'launch', ...engine], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH, IFS: '0123456789/', claim: 'mine', TAILGATE_RUN_ID: '' },
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  // @types/node does not know of descriptor 3, a socket that goes both ways.
  const pipe = child.stdio[3] as Socket
  // One without listeners would throw what a shell does that ended before it was told.
  pipe.on('error', () => {})
  pipe.end(orders ?? ['run 1', directory, ...files, ''].join('\n'))
  const launching = { child, pipe, ended: once(child, 'exit') }
  launched.push(launching)
  return launching
}

describe.each(present.map((shell) => ({ shell, name: shell.join(' ') })))(
  'the launch script under $name',
  ({ shell }) => {
    test('claims, tells the claim, runs the engine and records its status', async () => {
      const engine = [
        '/bin/sh',
        '-c',
        'echo "<$1> $claim $TAILGATE_RUN_ID"; echo on >&2; until [ -e end ]; do sleep 0.05; done; exit 3',
      ]
      const { child, pipe, ended } = launch(shell, [...engine, 'engine', ' a\n*"$b '])
      const told = await text(pipe)
      const claim = parseClaim(told)
      const uptime = process.platform === 'linux' ? expect.any(Number) : null
      const identity = await processIdentity(child.pid ?? 0)
      expect(claim).toEqual({ pid: child.pid, identity, uptimeMs: uptime })
      expect(read('claim')).toBe(told)
      writeFileSync(join(directory, 'end'), '')
      expect(await ended).toEqual([3, null])
      expect(read('exit')).toBe('3\n')
      expect(read('console')).toBe('< a\n*"$b > mine run 1\non\n')
    })

    test('notes SIGTERM only, and tells a death of the engine by its signal', async () => {
      const { child, pipe, ended } = launch(shell, ['/bin/sh', '-c', 'echo $$ > pid; while :; do sleep 0.05; done'])
      await text(pipe)
      await expect.poll(() => existsSync(join(directory, 'pid')) && read('pid'), { timeout: 20_000 }).toMatch(/\n/)
      child.kill('SIGTERM')
      process.kill(Number(read('pid')), 'SIGKILL')
      expect(await ended).toEqual([137, null])
      expect([read('exit'), read('console')]).toEqual(['137\n', ''])
    })

    test('goes on when nobody listens to what it tells', async () => {
      const { child, ended } = launch(shell, ['/bin/sh', '-c', 'echo ran'])
      child.stdio[3]?.destroy()
      expect(await ended).toEqual([0, null])
      expect(read('console')).toBe('ran\n')
    })

    test('starts nothing when the claim is there', async () => {
      const first = launch(shell, ['/bin/sh', '-c', 'echo ran'])
      const told = await text(first.pipe)
      await first.ended
      const second = launch(shell, ['/bin/sh', '-c', 'echo ran again'])
      expect(await second.ended).toEqual([125, null])
      expect(parseClaim(await text(second.pipe))).toBeNull()
      expect(read('claim')).toBe(told)
      expect(read('console')).toBe('ran\n')
    })

    test.each(['', 'run 1\n/tmp\n', 'cut'])(
      'starts nothing when nobody tells it what to the end: %j',
      async (orders) => {
        const told = {
          orders: orders === 'cut' ? ['run 1', directory, join(directory, 'claim'), 'exit', 'con'].join('\n') : orders,
        }
        const { pipe, ended } = launch(shell, ['/bin/sh', '-c', 'echo ran'], told)
        expect([await text(pipe), await ended]).toEqual(['', [0, null]])
        expect(readdirSync(directory)).toEqual([])
      },
    )

    test('without /proc it claims with what ps says', async () => {
      const script = LAUNCH_SCRIPT.replaceAll('/proc/', '/no-proc/')
      const { child, pipe, ended } = launch(shell, ['/bin/sh', '-c', 'until [ -e end ]; do sleep 0.05; done'], {
        script,
      })
      expect(parseClaim(await text(pipe))?.identity).toBe(await psIdentity(child.pid ?? 0))
      writeFileSync(join(directory, 'end'), '')
      expect(await ended).toEqual([0, null])
    })
  },
)
