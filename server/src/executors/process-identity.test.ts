import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { parseStat, processIdentity, psIdentity, readStat } from './process-identity.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`process-identity.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

const isLinux = process.platform === 'linux'
if (!isLinux) console.warn('SKIPPED: reading processes from /proc (Linux only)')

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

async function start(file: string, ...args: string[]): Promise<{ pid: number; kill: () => Promise<void> }> {
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  cleanups.push(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  await once(child, 'spawn')
  if (child.pid === undefined) throw new Error('no pid')
  return {
    pid: child.pid,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

describe('a line of /proc/PID/stat', () => {
  const rest = (group: number, startTime: bigint) =>
    `1 ${group} 77 34816 77 4194304 1 2 3 4 5 6 7 8 20 0 1 0 ${startTime} 9 10 18446744073709551615`

  test('is read whatever the name of the process', () => {
    const nasty = fc.constantFrom(')', '(', ' ', ') ', ') Z ', ') S 1 2 3', '\n', '\t', '1', '\u00ff', 'a')
    const name = fc.array(nasty, { maxLength: 15 }).map((parts) => parts.join('').slice(0, 15))
    const state = fc.constantFrom('R', 'S', 'D', 'T', 't', 'I', 'Z', 'X')
    fc.assert(
      fc.property(name, state, fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (comm, letter, group, ticks) => {
        expect(parseStat(`4321 (${comm}) ${letter} ${rest(group, ticks)}\n`)).toEqual({
          dead: letter === 'Z' || letter === 'X',
          group,
          startTime: String(ticks),
        })
      }),
    )
  })

  test.runIf(isLinux).each(['a b', ') Z 1 2 3', '((', 'x) S (y'])(
    'of a real process named %j gives its group and start',
    async (name) => {
      const directory = mkdtempSync(join(tmpdir(), 'tailgate-stat-'))
      cleanups.push(() => rmSync(directory, { recursive: true }))
      const file = join(directory, name)
      copyFileSync('/bin/sleep', file)
      const { pid } = await start(file, '1000')
      expect(readFileSync(`/proc/${pid}/comm`, 'utf8')).toBe(`${name}\n`)
      // Detached: it leads a group of its own.
      expect(await readStat(pid)).toEqual({ dead: false, group: pid, startTime: expect.stringMatching(/^\d+$/) })
    },
  )
})

describe('the identity of a process', () => {
  test('stays the same while it lives and is null afterwards', async () => {
    const { pid, kill } = await start('sleep', '1000')
    const identity = await processIdentity(pid)
    expect(identity).toMatch(/^\S+$/)
    expect(await processIdentity(pid)).toBe(identity)
    await kill()
    expect(await processIdentity(pid)).toBeNull()
  })

  test('is null for one that is dead but not waited for', async () => {
    // The shell starts a child, becomes a program that never waits, and so leaves a zombie.
    const directory = mkdtempSync(join(tmpdir(), 'tailgate-zombie-'))
    cleanups.push(() => rmSync(directory, { recursive: true }))
    const { pid } = await start('sh', '-c', `sh -c 'echo $$ > ${directory}/pid' & exec sleep 1000`)
    const zombie = await expect
      .poll(() => readFileSync(`${directory}/pid`, { encoding: 'utf8', flag: 'a+' }), { timeout: 20_000 })
      .toMatch(/\n/)
      .then(() => Number(readFileSync(`${directory}/pid`, 'utf8')))
    await expect.poll(() => processIdentity(zombie), { timeout: 20_000 }).toBeNull()
    expect(await processIdentity(pid)).not.toBeNull()
  })

  test('tells apart two processes that were started one after the other', async () => {
    const first = await start('sleep', '1000')
    const before = await processIdentity(first.pid)
    await expect
      .poll(async () => {
        const next = await start('sleep', '1000')
        return await processIdentity(next.pid)
      })
      .not.toBe(before)
  })

  test.runIf(isLinux)('is not denied for want of file descriptors', async () => {
    const code = `
      import { openSync } from 'node:fs'
      const { processIdentity } = await import('${new URL('./process-identity.ts', import.meta.url)}')
      try { for (;;) openSync('/dev/null') } catch {}
      await processIdentity(process.pid).then(console.log, ({ code }) => console.log(code))`
    const limited = 'ulimit -n 64 && exec "$0" --input-type=module -e "$1"'
    const child = spawn('sh', ['-c', limited, process.execPath, code], { stdio: ['ignore', 'pipe', 'inherit'] })
    expect(await text(child.stdout)).toBe('EMFILE\n')
  })

  test('that ps tells does not depend on language and time zone', async () => {
    const { pid, kill } = await start('sleep', '1000')
    const identity = await psIdentity(pid)
    expect(identity).toMatch(/^\w{3}_\w{3}_\d+_\d\d:\d\d:\d\d_\d{4}$/)
    const { TZ } = process.env
    cleanups.push(() => {
      if (TZ === undefined) delete process.env.TZ
      else process.env.TZ = TZ
    })
    process.env.TZ = 'Asia/Kathmandu'
    expect(await psIdentity(pid)).toBe(identity)
    await kill()
    expect(await psIdentity(pid)).toBeNull()
  })
})
