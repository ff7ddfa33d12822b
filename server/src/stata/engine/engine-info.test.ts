import { engineInfoSchema } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { doctorReport } from './doctor-report.ts'
import { engineInfo } from './engine-info.ts'
import type { FoundEngine } from './find-engine.ts'

const stata: FoundEngine = {
  engine: { kind: 'stata', path: '/opt/stata19/stata-se', edition: 'SE', version: '19' },
  command: ['/opt/stata19/stata-se'],
  platform: 'linux',
  looked: [
    { where: 'usual places', path: '/usr/local', result: 'no Stata folder' },
    { where: 'usual places', path: '/opt/stata19/stata-se', result: 'chosen' },
  ],
}
const standin: FoundEngine = {
  engine: { kind: 'standin', path: '/tailgate/standin.ts', edition: null, version: '0.1.0' },
  command: ['node', '/tailgate/standin.ts'],
  platform: 'linux',
  looked: [{ where: 'PATH', path: null, result: 'none of stata-mp' }],
}

test('what Stata says of itself refines what its path looks like', () => {
  const info = engineInfo(stata, { type: 'proven', version: '19.5', edition: 'MP' })
  expect(engineInfoSchema.parse(info)).toEqual(info)
  expect(info).toMatchObject({
    engine: { edition: 'MP', version: '19.5' },
    stata_available: true,
    probe: 'proven',
    problem: null,
  })
  expect(engineInfo(stata, { type: 'proven', version: '14.2', edition: null }).engine).toMatchObject({
    edition: 'SE',
    version: '14.2',
  })
})

test('a Stata that cannot start is not available', () => {
  const info = engineInfo(stata, { type: 'unproven', problem: 'It said: no licence' })
  expect(info).toMatchObject({ stata_available: false, probe: 'unproven', problem: 'It said: no licence' })
  expect(engineInfo(stata, null)).toMatchObject({ stata_available: true, probe: 'not-probed', problem: null })
})

test('the stand-in is never an available Stata and keeps its own version', () => {
  const info = engineInfo(standin, { type: 'proven', version: '18', edition: 'MP' })
  expect(info).toMatchObject({ engine: standin.engine, stata_available: false, probe: 'proven' })
})

test('the doctor tells what was chosen, whether it starts, and where it looked', () => {
  expect(doctorReport(engineInfo(stata, { type: 'proven', version: '19.5', edition: 'MP' }))).toBe(
    `Engine    Stata 19.5 MP
Path      /opt/stata19/stata-se
Starts    yes: it ran a do-file and its log was read

Looked, in this order:
  1. usual places | /usr/local | no Stata folder
  2. usual places | /opt/stata19/stata-se | chosen

What to do: nothing, Stata is ready.
`,
  )
})

test('the doctor repeats the problem of an engine that cannot start, and what to do about it', () => {
  const report = doctorReport(engineInfo(stata, { type: 'unproven', problem: 'It said: no licence' }))
  expect(report).toContain('Starts    no\nProblem   It said: no licence\n')
  expect(report).toContain('--stata PATH')
  const damaged = doctorReport(engineInfo(standin, { type: 'unproven', problem: 'It could not be started' }))
  expect(damaged).toContain('Install it again')
})

test('the doctor says of the stand-in that it is not Stata, and how to have Stata', () => {
  const report = doctorReport(engineInfo(standin, null))
  expect(report).toContain('Engine    Stand-in 0.1.0 (not Stata')
  expect(report).toContain('  1. PATH | none of stata-mp\n')
  expect(report).toContain('TAILGATE_STATA')
})
