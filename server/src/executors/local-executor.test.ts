import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Executor, RunningEngine } from './executor.ts'
import { testExecutor } from './executor-contract.ts'
import { LaunchShell } from './launch-shell.ts'
import { createLocalExecutor } from './local-executor.ts'
import { processIdentity } from './process-identity.ts'
import { SpareShell } from './spare-shell.ts'
import { ExecutorRig, eventually, FOREVER, gone, hasEnded, isAlive, shEngine } from './testing/executor-rig.ts'

const MODULE = new URL('./local-executor.ts', import.meta.url).href
const SOURCE = `import('${MODULE}').then(({ createLocalExecutor }) => createLocalExecutor())`

/** Makes each launch find a spare shell that was made for it. */
function withSpare(create: typeof createLocalExecutor, shells: SpareShell): Executor {
  const executor = create(shells)
  return {
    ...executor,
    launch: async (spec, givenUp) => {
      await shells.prepare(spec)
      return await executor.launch(spec, givenUp)
    },
  }
}

const SPARE_MODULE = new URL('./spare-shell.ts', import.meta.url).href
const SPARE_SOURCE = `Promise.all([import('${MODULE}'), import('${SPARE_MODULE}')]).then(
  ([{ createLocalExecutor }, { SpareShell }]) => (${withSpare})(createLocalExecutor, new SpareShell()))`

const createRig = () => new ExecutorRig(createLocalExecutor(), SOURCE)

describe('the local executor', () => {
  testExecutor({ create: () => createLocalExecutor(), source: SOURCE })
})

describe('the local executor with a spare shell', () => {
  testExecutor({ create: () => withSpare(createLocalExecutor, new SpareShell()), source: SPARE_SOURCE })
})

describe('a spare shell that is killed before it has read what to launch', () => {
  /** An executor whose first so many shells are killed with their orders unread. */
  const withKilled = (shells: number): ExecutorRig => {
    let left = shells
    const start: typeof LaunchShell.start = async (engine) => {
      const started = await LaunchShell.start(engine)
      if (!started.ok || left === 0) return started
      left -= 1
      const shell = started.value
      const { pid } = shell
      if (pid === undefined) throw new Error('no pid')
      process.kill(pid, 'SIGSTOP')
      const launch = shell.launch.bind(shell)
      shell.launch = async (place) => {
        const told = launch(place)
        process.kill(pid, 'SIGKILL')
        return await told
      }
      return started
    }
    return new ExecutorRig(createLocalExecutor(new SpareShell(start)), SOURCE)
  }

  test('is replaced, and the engine is started once', async () => {
    await using rig = withKilled(1)
    const engine = await rig.launch(shEngine('echo started >> starts; exit 7'))
    expect(await engine.exited).toEqual({ type: 'exited', exitCode: 7 })
    expect(rig.starts()).toBe(1)
  })

  test('is replaced once: a second that is killed fails the launch', async () => {
    await using rig = withKilled(2)
    const launched = await rig.executor.launch(rig.spec(shEngine('echo started >> starts')))
    expect(launched).toMatchObject({ ok: false, error: expect.stringContaining('its launch shell was ended') })
    expect(await rig.executor.adopt(rig.attempt())).toBeNull()
    expect(rig.starts()).toBe(0)
  })
})

describe('a launch shell that was killed', () => {
  const killed = async (rig: ExecutorRig, engine: RunningEngine) => {
    const pid = await rig.pid()
    process.kill(engine.pid, 'SIGKILL')
    await gone(engine.pid)
    return pid
  }

  test.each(['launched', 'adopted'])(
    'its engine, %s, has not ended before it has, and then nobody saw how',
    async (how) => {
      await using rig = createRig()
      const launched = await rig.launch(shEngine(FOREVER))
      const engine = how === 'launched' ? launched : await rig.adopt()
      const pid = await killed(rig, launched)
      // Adopting anew looks at the same processes, and ends no sooner.
      const witness = await rig.adopt()
      // Long enough for each to have looked at least once.
      expect(await hasEnded(engine, 1_000)).toBe(false)
      expect([await hasEnded(witness), isAlive(pid)]).toEqual([false, true])
      process.kill(pid, 'SIGKILL')
      const vanished = {
        type: 'vanished',
        why: expect.stringMatching(/was killed before it could note how the engine ended/),
      }
      expect(await engine.exited).toEqual(vanished)
      expect(await witness.exited).toEqual(vanished)
    },
  )

  test('its engine can still be terminated and killed', async () => {
    await using rig = createRig()
    const engine = await rig.launch(shEngine(`trap 'echo asked > asked' TERM; ${FOREVER}`))
    const pid = await killed(rig, engine)
    await engine.terminate()
    await rig.line('asked')
    await engine.kill()
    expect(isAlive(pid)).toBe(false)
    expect(await engine.exited).toMatchObject({ type: 'vanished' })
  })

  test('what else the run left running does not keep it from having vanished', async () => {
    await using rig = createRig()
    const engine = await rig.launch(shEngine(`setsid sh -c '${FOREVER}' & sleep 1000`))
    const pid = await rig.pid()
    process.kill(-engine.pid, 'SIGKILL')
    expect(await engine.exited).toMatchObject({ type: 'vanished' })
    expect(isAlive(pid)).toBe(true)
  })
})

describe('a claim', () => {
  /** A process that has nothing to do with the run. */
  const foreignProcess = async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true })
    await once(child, 'spawn')
    if (child.pid === undefined) throw new Error('no pid')
    const stop = async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
    return { pid: child.pid, [Symbol.asyncDispose]: stop }
  }

  test('whose pid now belongs to a process with another start is of an engine that vanished', async () => {
    await using rig = createRig()
    await using foreign = await foreignProcess()
    const identity = (await processIdentity(foreign.pid))?.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
    writeFileSync(rig.path('engine-1.pid'), `${foreign.pid} ${identity}\n`)
    const engine = await rig.adopt()
    expect(await engine.exited).toMatchObject({ type: 'vanished' })
    await engine.terminate()
    await engine.kill()
    expect(isAlive(foreign.pid)).toBe(true)
  })

  test('from before the machine was restarted is of an engine that vanished', async () => {
    await using rig = createRig()
    await using foreign = await foreignProcess()
    const start = (await processIdentity(foreign.pid))?.split('/')[1]
    writeFileSync(rig.path('engine-1.pid'), `${foreign.pid} 00000000-0000-0000-0000-000000000000/${start}\n`)
    const engine = await rig.adopt()
    expect(await engine.exited).toMatchObject({ type: 'vanished', why: expect.stringMatching(/machine was restarted/) })
    expect(isAlive(foreign.pid)).toBe(true)
  })

  test.runIf(process.platform === 'linux')(
    "of an engine that goes on tells since when by the machine's uptime, whatever became of the clock",
    async () => {
      await using rig = createRig()
      await rig.launch(shEngine(FOREVER))
      const yesterday = (Date.now() - 86_400_000) / 1_000
      utimesSync(rig.path('engine-1.pid'), yesterday, yesterday)
      const engine = await rig.adopt()
      expect(Date.now() - engine.startedAt).toBeLessThan(3_600_000)
      await engine.kill()
    },
  )

  test('that lost its text, as after a power failure, is of an attempt that will never start', async () => {
    await using rig = createRig()
    writeFileSync(rig.path('engine-1.pid'), '')
    expect(await rig.executor.adopt(rig.attempt())).toBeNull()
    expect(await rig.executor.launch(rig.spec(shEngine('echo >> starts')))).toMatchObject({ ok: false })
    expect(rig.starts()).toBe(0)
  })

  test.runIf(process.platform === 'linux')('that cannot be made starts nothing, and the reason is told', async () => {
    await using rig = createRig()
    // So deep that the claim's path is just short enough (PATH_MAX), and that of the file it is linked from is not.
    const runDir = rig.runDir + '/d'.repeat(4096)
    const deep = runDir.slice(0, 4095 - '/engine-1.pid'.length).replace(/\/$/, 'd')
    mkdirSync(deep, { recursive: true })
    const launched = await rig.executor.launch({ ...rig.spec(shEngine('echo >> starts')), runDir: deep })
    expect(launched).toMatchObject({ ok: false, error: expect.stringMatching(/could not be started: .*too long/) })
    expect(readdirSync(deep)).toEqual(['console.txt'])
  })

  test('leaves no file behind but the three of the attempt', async () => {
    await using rig = createRig()
    const engine = await rig.launch(shEngine('exit 0'))
    await rig.executor.launch(rig.spec(shEngine('exit 0')))
    await engine.exited
    await eventually(() =>
      expect(readdirSync(rig.runDir).sort()).toEqual(['console.txt', 'engine-1.exit', 'engine-1.pid']),
    )
    expect(rig.read('engine-1.exit')).toBe('0\n')
  })
})
