import { spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FoundEngine } from './find-engine.ts'
import { nodeProbeHost } from './node-probe-host.ts'
import { judgeProbe, type Probe, type ProbeExit, probeEngine } from './probe.ts'

const ended: ProbeExit = { type: 'exited', exitCode: 0, output: '' }

function problem(probe: Probe): string {
  if (probe.type === 'proven') throw new Error(`was proven: ${probe.version}`)
  return probe.problem
}

describe('judgeProbe', () => {
  test('reads the answers, not their echoes, whatever the line ends and whatever a profile.do says', () => {
    const log = [
      'Running /home/ada/ado/profile.do ...',
      '',
      '. display "tailgate-probe stata_version=`c(stata_version)\'"',
      'tailgate-probe stata_version=19.5',
      'tailgate-probe edition_real=MP',
      'tailgate-probe flavor=BE',
      '',
      'end of do-file',
      '',
    ].join('\r\n')
    expect(judgeProbe(ended, log)).toEqual({ type: 'proven', version: '19.5', edition: 'MP' })
  })

  test('reads the edition of releases before 17 from their flags', () => {
    const log =
      'tailgate-probe stata_version=15.1\ntailgate-probe edition_real=\ntailgate-probe flavor=IC\ntailgate-probe SE=1\n'
    expect(judgeProbe(ended, log)).toEqual({ type: 'proven', version: '15.1', edition: 'SE' })
  })

  test('tells a missing licence in the words of Stata', () => {
    const output = 'Cannot find license file\nReinstall, or see http://www.stata.com/support\n'
    const told = problem(judgeProbe({ type: 'exited', exitCode: 1, output }, null))
    expect(told).toContain('It said: "Cannot find license file / Reinstall, or see http://www.stata.com/support".')
    expect(told).toContain('licence')
  })

  test.each<[ProbeExit, string | null, string]>([
    [{ type: 'not-started', why: 'spawn ENOEXEC', output: '' }, null, 'could not be started: spawn ENOEXEC'],
    [{ type: 'timed-out', output: '' }, '\n', 'after 60 s. It said nothing.'],
    [{ type: 'signalled', signal: 'SIGILL', output: 'Illegal instruction' }, null, 'ended by SIGILL'],
    [ended, null, 'wrote no log'],
    [ended, 'tailgate-probe stata_version=.\n', 'without telling its version'],
    [ended, 'License expired\n\nr(997);\n', 'It said: "License expired / r(997);".'],
    [{ type: 'timed-out', output: '' }, 'tailgate-probe stata_version=19\n', 'It said: "tailgate-probe'],
  ])('after %o with log %j says why: %s', (exit, log, words) => {
    expect(problem(judgeProbe(exit, log))).toContain(words)
  })
})

describe.skipIf(process.platform === 'win32')('probeEngine, with real processes', () => {
  let directory = ''
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'probe-test-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  /** An executable whose path has a blank in it, as many a Stata's has. */
  async function engine(name: string, script: string): Promise<FoundEngine> {
    const file = path.join(directory, `${name} engine`)
    await writeFile(file, `#!/bin/sh\n${script}\n`)
    await chmod(file, 0o755)
    const stata = { kind: 'stata', path: file, edition: null, version: null } as const
    return { engine: stata, command: [file], platform: 'linux', looked: [] }
  }

  const host = nodeProbeHost(new AbortController().signal)

  test('runs the do-file in a directory of its own and removes it afterwards', async () => {
    const script = `pwd > "${directory}/where"
      echo "tailgate-probe stata_version=18.5" > probe.log
      echo "tailgate-probe edition_real=$([ "$*" = "-b -q do probe.do" ] && grep -q c.edition_real. probe.do && echo SE)" >> probe.log`
    expect(await probeEngine(await engine('good', script), host)).toEqual({
      type: 'proven',
      version: '18.5',
      edition: 'SE',
    })
    const where = (await readFile(path.join(directory, 'where'), 'utf8')).trim()
    await expect(readFile(path.join(where, 'probe.do'))).rejects.toThrow('ENOENT')
  })

  test('in a directory that is always the same removes what a killed gateway left there', async () => {
    const own = path.join(directory, 'probe')
    await mkdir(own)
    await writeFile(path.join(own, 'probe.log'), 'tailgate-probe stata_version=1.0\n')
    const told = problem(
      await probeEngine(await engine('silent', 'exit 0'), nodeProbeHost(new AbortController().signal, own)),
    )
    expect(told).toContain('no log')
    await expect(readdir(own)).rejects.toThrow('ENOENT')
  })

  test('hears what is said on stdout and stderr', async () => {
    const script = 'echo "Stata cannot start"; echo "License is invalid" >&2; exit 1'
    const told = problem(await probeEngine(await engine('unlicensed', script), host))
    expect(told).toContain('status 1 and wrote no log. It said: "Stata cannot start / License is invalid".')
  })

  test('tells an executable that is not one for this machine', async () => {
    const found = await engine('gone', '')
    await rm(found.command[0])
    expect(problem(await probeEngine(found, host))).toContain('could not be started: spawn')
  })

  test('tells that it could not even be tried, as on a full disk, instead of failing', async () => {
    const full = { ...host, withFile: () => Promise.reject(new Error('ENOSPC: no space left on device')) }
    expect(problem(await probeEngine(await engine('fine', ''), full))).toMatch(/ENOSPC.*Check the disk/)
  })

  test('kills an engine that does not end, with what it started', async () => {
    const pids = path.join(directory, 'pids')
    await mkdir(pids)
    const found = await engine('hung', `sleep 1000 & echo $! > "${pids}/part"; mv "${pids}/part" "${pids}/child"; wait`)
    const stop = new AbortController()
    const started = (async () => {
      for await (const { filename } of watch(pids)) if (filename === 'child') return
    })()
    const probing = probeEngine(found, nodeProbeHost(stop.signal))
    await started
    stop.abort()
    expect(problem(await probing)).toContain('had not finished')
    const child = Number(await readFile(path.join(pids, 'child'), 'utf8'))
    await expect.poll(() => isAlive(child)).toBe(false)
  })
})

/** A zombie, which its new parent has not waited for yet, is dead. */
function isAlive(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}
