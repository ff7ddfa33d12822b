import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type ExecutorRig, FOREVER, gone, hasEnded, isAlive, pause, shEngine } from './executor-rig.ts'

/** Launchers that come, go and come again; engines that stay (E5, E6, E8). */
export function testOutliving(createRig: () => ExecutorRig): void {
  describe('at most one engine for an attempt (E5)', () => {
    const COUNTED = shEngine('echo started >> starts; while [ ! -e end ]; do sleep 0.05; done')
    const end = (rig: ExecutorRig) => writeFileSync(rig.path('end'), '')

    test('of ten launches at once one starts, the others say why not', async () => {
      await using rig = createRig()
      const launched = await Promise.all(Array.from({ length: 10 }, () => rig.executor.launch(rig.spec(COUNTED))))
      const engines = launched.flatMap((result) => (result.ok ? [result.value] : []))
      const errors = launched.flatMap((result) => (result.ok ? [] : [result.error]))
      expect(engines).toHaveLength(1)
      expect(new Set(errors)).toEqual(new Set([expect.stringMatching(/launched before or given up/)]))
      end(rig)
      await engines[0]?.exited
      expect(rig.starts()).toBe(1)
    })

    test('a launch after the engine has ended starts nothing and leaves the first console alone', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('echo first; echo started >> starts'))
      await engine.exited
      const again = await rig.executor.launch(rig.spec(shEngine('echo second; echo started >> starts')))
      expect(again.ok).toBe(false)
      expect(rig.starts()).toBe(1)
      expect(rig.read('console.txt')).toBe('first\n')
    })

    test('adopting what was never launched gives null and makes that attempt impossible, not the next', async () => {
      await using rig = createRig()
      expect(await rig.executor.adopt(rig.attempt())).toBeNull()
      expect(await rig.executor.adopt(rig.attempt())).toBeNull()
      expect(await rig.executor.launch(rig.spec(COUNTED))).toMatchObject({ ok: false })
      expect(rig.starts()).toBe(0)
      end(rig)
      const engine = await rig.launch(COUNTED, { attempt: 2 })
      await engine.exited
      expect(rig.starts()).toBe(1)
    })

    test('the same holds when the run directory is not there yet', async () => {
      await using rig = createRig()
      rmSync(rig.runDir, { recursive: true })
      expect(await rig.executor.adopt(rig.attempt())).toBeNull()
      mkdirSync(rig.runDir, { recursive: true })
      expect(await rig.executor.launch(rig.spec(COUNTED))).toMatchObject({ ok: false })
      expect(rig.starts()).toBe(0)
    })

    test('when it cannot tell, adopt fails instead of saying that there is none', async () => {
      await using rig = createRig()
      rmSync(rig.runDir, { recursive: true })
      writeFileSync(rig.runDir, '')
      await expect(rig.executor.adopt(rig.attempt())).rejects.toThrow(/cannot tell whether .* was started/)
    })

    test('launch and adopt at once agree', async () => {
      for (let round = 0; round < 10; round++) {
        await using rig = createRig()
        end(rig)
        const [launched, adopted] = await Promise.all([
          rig.executor.launch(rig.spec(COUNTED)),
          pause(round).then(() => rig.executor.adopt(rig.attempt())),
        ])
        expect(launched.ok).toBe(adopted !== null)
        if (launched.ok) expect(await launched.value.exited).toEqual(await adopted?.exited)
        expect(rig.starts()).toBe(launched.ok ? 1 : 0)
      }
    })

    test('whenever the launcher dies, adopt finds its engine or there is none', async () => {
      for (let round = 0; round < 10; round++) {
        await using rig = createRig()
        end(rig)
        const code = `console.log('ready'); setImmediate(() => executor.launch(spec)); setInterval(() => {}, 1000)`
        const launcher = rig.elsewhere(code, rig.spec(COUNTED))
        await launcher.ready()
        await pause(2 * round)
        await launcher.kill()
        const engine = await rig.executor.adopt(rig.attempt())
        if (engine !== null) expect(await engine.exited).toEqual({ type: 'exited', exitCode: 0 })
        expect(rig.starts()).toBe(engine === null ? 0 : 1)
      }
    })
  })

  describe('an engine that outlives its launcher (E6)', () => {
    const launchElsewhere = async (rig: ExecutorRig, script: string) => {
      const code = `await executor.launch(spec); setInterval(() => {}, 1000)`
      const launcher = rig.elsewhere(code, rig.spec(shEngine(script)))
      await rig.line('pid')
      await launcher.kill()
    }

    test('it goes on, is adopted, and its exit status is right', async () => {
      await using rig = createRig()
      await launchElsewhere(rig, 'echo x >> starts; echo $$ > pid; until [ -e end ]; do sleep 0.05; done; exit 3')
      const engine = await rig.adopt()
      expect(isAlive(await rig.pid())).toBe(true)
      expect(await hasEnded(engine)).toBe(false)
      writeFileSync(rig.path('end'), '')
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 3 })
      expect(rig.starts()).toBe(1)
    })

    test('adopted, it can be terminated', async () => {
      await using rig = createRig()
      await launchElsewhere(rig, FOREVER)
      const engine = await rig.adopt()
      await engine.terminate()
      expect(await engine.exited).toEqual({ type: 'signalled', signal: 'SIGTERM' })
    })

    test('adopted, it can be killed', async () => {
      await using rig = createRig()
      await launchElsewhere(rig, `trap '' TERM; ${FOREVER}`)
      const engine = await rig.adopt()
      await engine.terminate()
      await engine.kill()
      expect(isAlive(await rig.pid())).toBe(false)
      expect(await engine.exited).toEqual({ type: 'signalled', signal: 'SIGKILL' })
    })

    test.each([
      ['exit 0', { type: 'exited', exitCode: 0 }],
      ['exit 255', { type: 'exited', exitCode: 255 }],
      ['kill -KILL $$', { type: 'signalled', signal: 'SIGKILL' }],
    ])('adopted after its end by `%s`, it tells how it ended', async (ending, exit) => {
      await using rig = createRig()
      await launchElsewhere(rig, `echo $$ > pid; ${ending}`)
      await gone(await rig.pid())
      const engine = await rig.adopt()
      expect(await engine.exited).toEqual(exit)
      expect(await (await rig.adopt()).exited).toEqual(exit)
    })

    test('adopted after its end, it tells when that was; adopted before, it does not', async () => {
      await using rig = createRig()
      const launched = await rig.launch(shEngine('until [ -e end ]; do sleep 0.05; done'))
      const going = await rig.adopt()
      writeFileSync(rig.path('end'), '')
      await launched.exited
      const ended = await rig.adopt()
      expect([launched.endedAt, going.endedAt]).toEqual([null, null])
      expect(ended.endedAt).toBeGreaterThanOrEqual(ended.startedAt)
      expect(ended.endedAt).toBeLessThanOrEqual(Date.now())
    })

    test('adopting says the same start as launching did', async () => {
      await using rig = createRig()
      const launched = await rig.launch(shEngine(FOREVER))
      const adopted = await rig.adopt()
      expect({ pid: adopted.pid, startedAt: adopted.startedAt }).toEqual({
        pid: launched.pid,
        startedAt: launched.startedAt,
      })
    })
  })

  describe('the process of the gateway (E8)', () => {
    test.each([
      ['launched', 'const { ok } = await executor.launch(spec); console.log(ok)'],
      [
        'adopted',
        'await executor.launch(spec); const engine = await executor.adopt(spec); console.log(engine !== null)',
      ],
    ])('ends by itself although an engine it %s goes on', async (_, code) => {
      await using rig = createRig()
      const gateway = rig.elsewhere(code, rig.spec(shEngine(FOREVER)))
      expect(await gateway.ended()).toBe('true\n')
      expect(isAlive(await rig.pid())).toBe(true)
    })
  })
}
