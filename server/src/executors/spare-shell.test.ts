import { ok } from '@tailgate/shared'
import { afterEach, expect, test } from 'vitest'
import { type Engine, LaunchShell } from './launch-shell.ts'
import { SpareShell } from './spare-shell.ts'

const ENGINE: Engine = { command: ['/bin/sh', '-c', 'exit 0'], env: { PATH: '/nowhere' } }

const made: LaunchShell[] = []
afterEach(async () => {
  for (const shell of made) shell.dismiss()
  await Promise.all(made.splice(0).map(({ ended }) => ended))
})

/** Spares of real shells, all of which are in `made`. */
function createSpare(): SpareShell {
  return new SpareShell(async (engine) => {
    const started = await LaunchShell.start(engine)
    if (started.ok) made.push(started.value)
    return started
  })
}

test('a shell that was prepared is taken once', async () => {
  const spare = createSpare()
  await spare.prepare(ENGINE)
  await spare.prepare(ENGINE)
  expect(await spare.take(ENGINE)).toEqual(ok(made[0]))
  expect(await spare.take(ENGINE)).toEqual(ok(made[1]))
  expect(made).toHaveLength(2)
})

test.each<[string, Engine]>([
  ['another command', { ...ENGINE, command: ['/bin/sh', '-c', 'exit 1'] }],
  ['another environment', { ...ENGINE, env: { PATH: '/elsewhere' } }],
])('a shell that was prepared for %s is not taken, and ends', async (_, engine) => {
  const spare = createSpare()
  await spare.prepare(engine)
  expect(await spare.take(ENGINE)).toEqual(ok(made[1]))
  expect(await made[0]?.ended).toBe(0)
})

test('a shell that was killed while it waited is not taken', async () => {
  const spare = createSpare()
  await spare.prepare(ENGINE)
  process.kill(made[0]?.pid ?? 0, 'SIGKILL')
  await made[0]?.ended
  expect(await spare.take(ENGINE)).toEqual(ok(made[1]))
})

test('of two that are prepared at once there is one', async () => {
  const spare = createSpare()
  await Promise.all([spare.prepare(ENGINE), spare.prepare(ENGINE)])
  expect(made).toHaveLength(1)
})

test('closing ends the spare, also one on its way, and leaves none behind', async () => {
  const [waiting, starting] = [createSpare(), createSpare()]
  await waiting.prepare(ENGINE)
  const preparing = starting.prepare(ENGINE)
  for (const spare of [waiting, starting]) spare.close()
  await preparing
  await waiting.prepare(ENGINE)
  expect(await Promise.all(made.map(({ ended }) => ended))).toEqual([0, 0])
})
