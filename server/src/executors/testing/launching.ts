import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RUN_ID_VARIABLE } from '../run-processes.ts'
import { type ExecutorRig, FOREVER, hasEnded, isAlive, nodeEngine, pause, shEngine } from './executor-rig.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`executor-contract.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

/** What the engine is given, when none is started, and how it ended (E1 to E3, E7). */
export function testLaunching(createRig: () => ExecutorRig): void {
  describe('what the engine is given (E1)', () => {
    test('the run directory is its working directory', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('pwd -P > where'))
      await engine.exited
      expect(rig.read('where')).toBe(`${rig.runDir}\n`)
    })

    test('its standard input is at its end', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('cat > input; echo read >> input'))
      await engine.exited
      expect(rig.read('input')).toBe('read\n')
    })

    test('its environment is the one it was given and the mark, whatever the names', async () => {
      await using rig = createRig()
      // Names that a launching shell might want for itself, and values that it might want to read.
      const given = { claim: '1', exit: '2', console: '3', stat: '4', boot: '5', status: '6', pid: '7' }
      const env = { ...given, PATH: '/nowhere', PS1: '$ ', empty: '', odd: ` a"b'c\`d\\e=$HOME *\n\té` }
      const code = `require('fs').writeFileSync('env.json', JSON.stringify(process.env))`
      const engine = await rig.launch(nodeEngine(code), { env })
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 0 })
      // What shells tell of themselves to what they start.
      const { PWD, OLDPWD, SHLVL, _, ...seen } = JSON.parse(rig.read('env.json'))
      expect(seen).toEqual({ ...env, [RUN_ID_VARIABLE]: rig.runId })
    })

    test('its arguments arrive verbatim, whatever is in them', async () => {
      const argument = fc.oneof(
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
        fc.constantFrom(
          '',
          ' ',
          '-n',
          '--',
          '*',
          '$HOME',
          '$(id)',
          '`id`',
          '"',
          "'",
          '\\',
          '\n',
          'a b',
          '\u00e9',
          '!!',
          '&',
        ),
      )
      const code = `require('fs').writeFileSync('args.json', JSON.stringify(process.argv.slice(1)))`
      await fc.assert(
        fc.asyncProperty(fc.array(argument, { minLength: 1, maxLength: 30 }), async (args) => {
          await using rig = createRig()
          const engine = await rig.launch(nodeEngine(code, ...args))
          await engine.exited
          expect(JSON.parse(rig.read('args.json'))).toEqual(args)
        }),
        { numRuns: 10 },
      )
    })

    test('what it prints goes to the console file, both streams', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('echo out; echo err >&2; kill -KILL $$'))
      await engine.exited
      expect(rig.read('console.txt')).toBe('out\nerr\n')
    })

    test('no descriptor of the gateway is left open in it', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('for fd in 3 4 5 6 7 8 9; do (: >&$fd) && echo $fd; done'))
      await engine.exited
      expect(rig.read('console.txt')).not.toMatch(/^\d+$/m)
    })
  })

  describe('an engine that cannot be executed (E2)', () => {
    const launchError = async (rig: ExecutorRig, ...command: [string, ...string[]]) => {
      const launched = await rig.executor.launch(rig.spec(command))
      return launched.ok ? 'launched' : launched.error
    }

    test('a missing file is named', async () => {
      await using rig = createRig()
      expect(await launchError(rig, '/no/such/engine', 'x')).toMatch(/^The engine \/no\/such\/engine is not there/)
    })

    test('a file without the right to execute it is named', async () => {
      await using rig = createRig()
      writeFileSync(rig.path('engine'), '#!/bin/sh\n', { mode: 0o644 })
      expect(await launchError(rig, rig.path('engine'))).toMatch(/engine may not be executed/)
    })

    test('a directory is not an engine', async () => {
      await using rig = createRig()
      expect(await launchError(rig, rig.runDir)).toMatch(/is not a file/)
    })

    test('an engine whose interpreter is missing ends with 127 and says so on the console', async () => {
      await using rig = createRig()
      writeFileSync(rig.path('engine'), '#!/no/such/interpreter\n', { mode: 0o755 })
      const engine = await rig.launch([rig.path('engine')])
      expect(await engine.exited).toMatchObject({ type: 'exited', exitCode: expect.toBeOneOf([126, 127]) })
      expect(rig.read('console.txt')).toMatch(/not found|bad interpreter|No such file/)
    })

    test('a run directory that is gone is named', async () => {
      await using rig = createRig()
      rmSync(rig.runDir, { recursive: true })
      expect(await launchError(rig, '/bin/sh')).toContain(rig.runDir)
    })

    test('a console that cannot be written is said', async () => {
      await using rig = createRig()
      mkdirSync(rig.path('console.txt'))
      expect(await launchError(rig, ...shEngine('echo >> starts'))).toMatch(/console\.txt/)
      expect(rig.starts()).toBe(0)
    })

    test('arguments that the system does not take are an error', async () => {
      await using rig = createRig()
      expect(await launchError(rig, '/bin/sh', 'x'.repeat(4_000_000))).toMatch(/could not be started: .*E2BIG/)
      expect(await launchError(rig, '/bin/sh', 'nul\0')).toMatch(/could not be started: .*null byte/)
    })
  })

  describe('a launch that is given up (E7)', () => {
    const COUNTED = shEngine('echo started >> starts')

    test('before it began starts nothing, now or later', async () => {
      await using rig = createRig()
      const launched = await rig.executor.launch(rig.spec(COUNTED), AbortSignal.abort())
      expect(launched).toMatchObject({ ok: false })
      expect(await rig.executor.adopt(rig.attempt())).toBeNull()
      expect(rig.starts()).toBe(0)
    })

    test('at any moment starts nothing, or is too late and has its engine', async () => {
      const tries = 24
      let started = 0
      for (let i = 0; i < tries; i++) {
        await using rig = createRig()
        const givenUp = new AbortController()
        const launching = rig.executor.launch(rig.spec(COUNTED), givenUp.signal)
        await pause(i / 2)
        givenUp.abort()
        const launched = await launching
        if (launched.ok) {
          expect(await launched.value.exited).toEqual({ type: 'exited', exitCode: 0 })
          started += 1
        } else {
          expect(await rig.executor.adopt(rig.attempt())).toBeNull()
        }
        expect(rig.starts()).toBe(launched.ok ? 1 : 0)
      }
      console.log(`launches given up: ${tries - started} in time, ${started} too late`)
    })
  })

  describe('how the engine ended (E3)', () => {
    test.each([0, 1, 3, 125, 255])('exit status %i', async (exitCode) => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('exit $1', String(exitCode)))
      expect(await engine.exited).toEqual({ type: 'exited', exitCode })
    })

    test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV', 'SIGINT', 'SIGPIPE'])('a death by %s', async (signal) => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('kill -s $1 $$; sleep 1000', signal.slice(3)))
      expect(await engine.exited).toEqual({ type: 'signalled', signal })
    })

    test('it has not ended while it runs, and says when it began', async () => {
      await using rig = createRig()
      const before = Date.now()
      const engine = await rig.launch(shEngine(FOREVER))
      const pid = await rig.pid()
      // File times may be coarser than the clock.
      expect(engine.startedAt).toBeGreaterThan(before - 1_000)
      expect(engine.startedAt).toBeLessThan(Date.now() + 1_000)
      expect(await hasEnded(engine)).toBe(false)
      process.kill(pid, 'SIGKILL')
      expect(await engine.exited).toEqual({ type: 'signalled', signal: 'SIGKILL' })
    })

    test('what it left running does not delay its end, and goes on', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(`sh -c '${FOREVER}' & exit 3`))
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 3 })
      expect(isAlive(await rig.pid())).toBe(true)
    })

    test('it is known even when the engine removed its directory', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('rm -rf "$PWD"; exit 3'))
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 3 })
    })
  })
}
