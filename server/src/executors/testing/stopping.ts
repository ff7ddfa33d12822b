import { describe, expect, test } from 'vitest'
import { type ExecutorRig, FOREVER, gone, hasEnded, isAlive, shEngine } from './executor-rig.ts'

/** `setsid` is a command of Linux; elsewhere a process that leaves its group is out of reach. */
const isLinux = process.platform === 'linux'
if (!isLinux) console.warn('SKIPPED: finding processes that left their group (Linux only)')

/** Asking an engine to end, and making it (E4). */
export function testStopping(createRig: () => ExecutorRig): void {
  describe('stopping it (E4)', () => {
    test('terminate ends an obedient engine', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(FOREVER))
      await rig.pid()
      await engine.terminate()
      expect(await engine.exited).toEqual({ type: 'signalled', signal: 'SIGTERM' })
    })

    test('terminate lets the engine end in its own way', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(`trap 'exit 7' TERM; ${FOREVER}`))
      await rig.pid()
      await engine.terminate()
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 7 })
    })

    test('terminate reaches what the engine started and waits for', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(`trap 'echo told' TERM; sh -c '${FOREVER}'; echo over; exit 4`))
      await rig.pid()
      await engine.terminate()
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 4 })
    })

    test('an engine that ignores terminate ends by kill', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(`trap 'echo ignored > ignored' TERM; ${FOREVER}`))
      const pid = await rig.pid()
      await engine.terminate()
      await rig.line('ignored')
      expect(isAlive(pid)).toBe(true)
      expect(await hasEnded(engine)).toBe(false)
      await engine.kill()
      expect(isAlive(pid)).toBe(false)
      expect(await engine.exited).toEqual({ type: 'signalled', signal: 'SIGKILL' })
    })

    test.runIf(isLinux)('kill finds what left the session, was orphaned and ignores every signal', async () => {
      await using rig = createRig()
      const deaf = `trap "" TERM HUP INT; echo \\$\\$ > hidden; while :; do sleep 1; done`
      const engine = await rig.launch(shEngine(`trap '' TERM; (setsid sh -c "${deaf}" &); ${FOREVER}`))
      const [pid, hidden] = [await rig.pid(), await rig.pid('hidden')]
      await engine.terminate()
      expect([isAlive(pid), isAlive(hidden)]).toEqual([true, true])
      await engine.kill()
      expect([isAlive(pid), isAlive(hidden)]).toEqual([false, false])
    })

    test('kill ends what dropped the mark but stayed in the group', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(`env -i /bin/sh -c 'echo $$ > bare; exec sleep 1000' & ${FOREVER}`))
      const [pid, bare] = [await rig.pid(), await rig.pid('bare')]
      await engine.kill()
      expect([isAlive(pid), isAlive(bare)]).toEqual([false, false])
    })

    test('kill ends an engine that multiplies', async () => {
      await using rig = createRig()
      const engine = await rig.launch(
        shEngine(`sh -c '${FOREVER}' & while :; do sh -c 'trap "" TERM; sleep 1000' & sleep 0.01; done`),
      )
      await rig.pid()
      await engine.kill()
      expect(await engine.exited).toEqual({ type: 'signalled', signal: 'SIGKILL' })
      expect(isAlive(await rig.pid())).toBe(false)
    })

    test.runIf(isLinux)('kill after the end removes what the engine left running', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine(`setsid sh -c '${FOREVER}' & exit 0`))
      const pid = await rig.pid()
      await engine.exited
      await engine.kill()
      expect(isAlive(pid)).toBe(false)
    })

    test('kill and terminate touch no other run', async () => {
      await using rig = createRig()
      await using other = createRig()
      const engine = await rig.launch(shEngine(FOREVER))
      const bystander = await other.launch(shEngine(FOREVER))
      const [pid, otherPid] = [await rig.pid(), await other.pid()]
      await engine.terminate()
      await engine.kill()
      await gone(pid)
      expect(isAlive(otherPid)).toBe(true)
      expect(await hasEnded(bystander)).toBe(false)
    })

    test('both may be asked again after the end', async () => {
      await using rig = createRig()
      const engine = await rig.launch(shEngine('exit 0'))
      await engine.exited
      await engine.terminate()
      await engine.kill()
      expect(await engine.exited).toEqual({ type: 'exited', exitCode: 0 })
    })
  })
}
